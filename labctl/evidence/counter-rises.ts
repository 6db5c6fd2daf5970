// Reads the lines in which the recorder says which kernel counters rose: `1700000000.000100 1700000000.002300 TcpRetransSegs=1`.

import type { CounterRise } from '../model/look.ts';
import type { Micros } from '../model/time.ts';

const lineShape = /^(\d+\.\d{6}) (\d+\.\d{6}) (\w+=-?\d+(?: \w+=-?\d+)*)$/;

const micros = (seconds: string): Micros => Number(seconds.replace('.', ''));

/** One rise a line, in the order of the file; a line that is cut off or is none of the recorder's is passed over. */
export const parseCounterRises = (text: string, host: string): CounterRise[] =>
  text.split('\n').flatMap((line) => {
    const [, from = '', until = '', rest = ''] = lineShape.exec(line) ?? [];
    if (rest === '') return [];
    const changes = rest.split(' ').map((pair) => {
      const [name = '', by] = pair.split('=');
      return [name, Number(by)] as const;
    });
    return [{ host, from: micros(from), until: micros(until), changes: Object.fromEntries(changes) }];
  });
