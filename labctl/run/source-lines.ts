// Turns the stack addresses of traced calls into lines of source while the host still has the program, and fetches those sources.

import { StraceParser } from '../evidence/strace.ts';
import type { SourceLine } from '../model/call.ts';
import type { Recording } from './recording.ts';

export interface ResolvedLines {
  /** `object+0xoffset` → where that is. */
  lines: Record<string, SourceLine>;
  /** Source file name → its text. */
  sources: Record<string, string>;
}

const student = 1000;
/** The C library's own lines teach nobody where their program made the call. */
const system = /^\/(usr\/)?lib(32|64|x32)?\//;
const mostAtOnce = 500;

/** Looks up every stack address of this call log. What the host cannot resolve is left out. */
export async function resolveLines(recording: Recording, callLog: string): Promise<ResolvedLines> {
  const offsets = stackOffsets(callLog);
  const found = await Promise.all([...offsets].map(([object, of]) => linesOf(recording, object, [...of])));
  const lines = found.flat();
  const paths = [...new Set(lines.map(({ path }) => path))];
  const texts = await Promise.all(paths.map((path) => sourceText(recording, path)));
  return {
    lines: Object.fromEntries(lines.map(({ key, line }) => [key, line])),
    sources: Object.fromEntries(
      paths.flatMap((path, index) => (texts[index] === undefined ? [] : [[fileName(path), texts[index]]])),
    ),
  };
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function stackOffsets(callLog: string): Map<string, Set<number>> {
  const parser = new StraceParser('', '');
  const offsets = new Map<string, Set<number>>();
  for (const event of [...parser.push(callLog), ...parser.end()])
    for (const { object, offset } of (event.kind === 'call' && event.stack) || [])
      if (!system.test(object)) offsets.set(object, (offsets.get(object) ?? new Set()).add(offset));
  return offsets;
}

interface Resolved {
  key: string;
  line: SourceLine;
  path: string;
}

async function linesOf(recording: Recording, object: string, offsets: number[]): Promise<Resolved[]> {
  const resolved: Resolved[] = [];
  for (let at = 0; at < offsets.length; at += mostAtOnce) {
    const some = offsets.slice(at, at + mostAtOnce);
    // The stack holds return addresses: the call itself is the instruction before.
    const addresses = some.map((offset) => `0x${(offset - 1).toString(16)}`);
    const { stdout } = await recording.tool(student, ['addr2line', '-a', '-i', '-f', '-e', object, ...addresses]);
    resolved.push(...parseAddr2line(stdout, object, some));
  }
  return resolved;
}

/**
 * Reads `addr2line -a -i -f`: after each address a function and a place, the innermost inlined one first. The outermost
 * is taken, because that is where the reader of the source finds the step.
 */
export function parseAddr2line(text: string, object: string, offsets: readonly number[]): Resolved[] {
  const blocks = text.split(/^0x[0-9a-f]+\n/m).slice(1);
  return blocks.flatMap((block, index) => {
    const [function_ = '', place = ''] = block.trimEnd().split('\n').slice(-2);
    const [, path, line] = /^(.+):(\d+)(?: \(discriminator \d+\))?$/.exec(place) ?? [];
    const offset = offsets[index];
    if (path === undefined || path === '??' || Number(line) === 0 || offset === undefined) return [];
    const key = `${object}+0x${offset.toString(16)}`;
    return [{ key, path, line: { file: fileName(path), line: Number(line), function: function_ } }];
  });
}

/** The source where it was compiled, else where every host keeps its copy. */
async function sourceText(recording: Recording, path: string): Promise<string | undefined> {
  for (const place of [path, `/work/${fileName(path)}`, `/usr/local/src/labctl/${fileName(path)}`]) {
    const { stdout, exitCode } = await recording.tool(student, ['cat', '--', place]);
    if (exitCode === 0) return stdout;
  }
  return undefined;
}
