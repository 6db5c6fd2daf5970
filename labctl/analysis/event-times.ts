// When events of programs really happened: labctl learns of a start and of printed text a little after the fact, and of
// several lines at once.

import type { Call } from '../model/call.ts';
import type { RunEvent } from '../model/run.ts';
import type { Micros } from '../model/time.ts';

type Output = Extract<RunEvent, { kind: 'output' }>;

/** The writes of one program to one of its standard streams: where each ends in the stream, and when it began. */
interface Written {
  at: Micros;
  end: number;
}

/** `1<pipe:[7]>`, `2</dev/pts/0<char 136:0>>`: descriptor 1 or 2 in the words of `-y`, or bare. */
const standard = /^([12])(?:<|$)/;

const streamKey = (program: string, stream: 'stdout' | 'stderr'): string => `${program} ${stream}`;

function writesByStream(calls: readonly Call[]): Map<string, Written[]> {
  const streams = new Map<string, Written[]>();
  for (const { name, args, result = 0, program, at } of calls) {
    const descriptor = name === 'write' || name === 'writev' ? standard.exec(args[0] ?? '')?.[1] : undefined;
    if (descriptor === undefined || result <= 0) continue;
    const key = streamKey(program, descriptor === '1' ? 'stdout' : 'stderr');
    const stream = streams.get(key) ?? [];
    stream.push({ at, end: (stream.at(-1)?.end ?? 0) + result });
    streams.set(key, stream);
  }
  return streams;
}

/** Answers, for the pieces of one stream in order, what each write put into them, and when. */
function reader(writes: readonly Written[]): (event: Output) => Output[] {
  let offset = 0;
  let place = 0;
  return (event) => {
    const bytes = Buffer.from(event.text);
    const pieces: Output[] = [];
    for (let done = 0; done < bytes.length; ) {
      while (place < writes.length && (writes[place] as Written).end <= offset) place++;
      const { at = event.at, end = Infinity } = writes[place] ?? {};
      const size = Math.min(bytes.length - done, end - offset);
      pieces.push({ ...event, at: Math.min(event.at, at), text: bytes.toString('utf8', done, done + size) });
      done += size;
      offset += size;
    }
    return pieces;
  };
}

/**
 * A function that gives an event as it stands on the time line: printed text at the writes that printed it, one event
 * each; a start at its first call; every other event, and those of programs without calls, when it was noted.
 * Events must be asked for in their order.
 */
export function eventTimes(calls: readonly Call[]): (event: RunEvent) => RunEvent[] {
  const writes = writesByStream(calls);
  const readers = new Map<string, ReturnType<typeof reader>>();
  const begun = new Map<string, Micros>();
  for (const { program, at } of calls) if (!begun.has(program)) begun.set(program, at);
  const printed = (event: Output): Output[] => {
    const key = streamKey(event.program, event.stream);
    const read = readers.get(key) ?? reader(writes.get(key) ?? []);
    readers.set(key, read);
    return read(event);
  };
  return (event) => {
    if (event.kind === 'output') return printed(event);
    const at = event.kind === 'program-started' ? begun.get(event.program) : undefined;
    return [{ ...event, at: at ?? event.at }];
  };
}
