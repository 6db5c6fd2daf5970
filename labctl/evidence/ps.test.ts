import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LabError } from '../model/lab-error.ts';
import { parseProcesses } from './ps.ts';

const text = readFileSync(new URL('fixtures/names.ps', import.meta.url), 'utf8');

describe('parseProcesses', () => {
  it('reads names with blanks, brackets and quotes, and zombies', () => {
    const rows = parseProcesses(text).map(
      ({ row, pid, ppid, uid, state, name, command }) => `${row} ${pid}<${ppid} ${uid} ${state} |${name}| |${command}|`,
    );
    expect(`\n${rows.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      1 1<0 0 Ss |docker-init| |/sbin/docker-init -- sleep 3600|
      2 7<1 0 S |sleep| |sleep 3600|
      3 182162<0 1000 Ss |python3| |python3 socks.py 172.20.0.77|
      4 182168<182162 1000 S |a b) [c] "d"| |python3 socks.py 172.20.0.77|
      5 182169<182168 1000 S |kid's ((| |python3 socks.py 172.20.0.77|
      6 182170<182168 1000 Z |gone child x) y| |[gone child x) y] <defunct>|
      7 182206<0 1000 Rs |ps| |ps -eww -o pid:10=,ppid:10=,uid:10=,stat:8=,comm:20=,args=|
      "
    `);
  });

  it('reads a zombie whose marked name overflows its column', () => {
    const line = '        12          1       1000 Z        fifteen-letters <defunct> [fifteen-letters] <defunct>';
    expect(parseProcesses(line)[0]).toMatchObject({ name: 'fifteen-letters', command: '[fifteen-letters] <defunct>' });
  });

  it('names the line that it cannot read', () => {
    expect(() => parseProcesses(`${text}\nerror: unsupported option`)).toThrow(LabError);
  });
});
