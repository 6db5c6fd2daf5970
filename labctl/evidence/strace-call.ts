// Turns the text of one system call, `accept(3<socket:[7]>, …) = 4 <0.000021>`, into a Call.

import type { Call } from '../model/call.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { unmapped } from './address-text.ts';
import { scanArguments } from './strace-arguments.ts';

const addressShape =
  /sa_family=AF_INET6?, sin6?_port=htons\((\d+)\),.*?(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")/;

/** The first IP socket address among the arguments; strings are skipped, so bytes that look like one are none. */
function addressIn(args: readonly string[]): Endpoint | undefined {
  for (const arg of args) {
    const match = arg.startsWith('{') ? addressShape.exec(arg) : null;
    if (match) return { address: unmapped(match[2] ?? match[3] ?? ''), port: Number(match[1]) };
  }
  return undefined;
}

/** `3<socket:[99]>` or `3<TCP:[99]>`: the descriptor and its socket's inode. */
function descriptor(text: string | undefined): Pick<Call, 'fd' | 'inode'> {
  const match = /^(\d+)<(.*)>$/s.exec(text ?? '');
  if (!match) return {};
  const inode = /^[\w-]+:\[(\d+)\]$/.exec(match[2] ?? '')?.[1];
  return { fd: Number(match[1]), ...(inode === undefined ? {} : { inode: Number(inode) }) };
}

/** The descriptor that a call works on: the first argument; of the two of splice(2) the one that is no pipe. */
function worksOn(name: string, args: readonly string[]): Pick<Call, 'fd' | 'inode'> {
  const isPipe = (argument: string | undefined): boolean => argument?.includes('<pipe:[') ?? false;
  return descriptor(name === 'splice' && isPipe(args[0]) && !isPipe(args[2]) ? args[2] : args[0]);
}

const resultShape = /^\s*= (\?|0x[0-9a-f]+|-?\d+(?:<.*?[^-]>(?=\s|$))?)(?: (E[A-Z0-9]+))?/s;
const tookShape = / <(\d+)\.(\d{6})>$/;

const takenMicros = (tail: string): number | undefined => {
  const match = tookShape.exec(tail);
  return match ? Number(match[1]) * 1_000_000 + Number(match[2]) : undefined;
};

/** What stands after the closing bracket. `= ?` gives no result: the call never returned to the program. */
function outcome(tail: string): Pick<Call, 'result' | 'errno' | 'took'> & { given: Pick<Call, 'fd' | 'inode'> } {
  const [, value = '?', errno] = resultShape.exec(tail) ?? [];
  const took = takenMicros(tail);
  const plain = value.replace(/<.*$/s, '');
  return {
    ...(plain === '?' ? {} : { result: Number(plain) }),
    ...(errno === undefined ? {} : { errno }),
    ...(took === undefined ? {} : { took }),
    given: descriptor(value),
  };
}

export type CallText = Pick<Call, 'name' | 'args' | 'result' | 'errno' | 'took' | 'fd' | 'inode' | 'address'>;

/** strace also leaves the mark inside the brackets of a call that a signal ended. */
const withoutMark = (text: string): string => text.replace(/,?\s*<unfinished \.\.\.>/, '');

/** Reads a call's text, complete or cut off anywhere. `fd` is the descriptor that the call gave, else its first argument. */
export function readCall(whole: string): CallText {
  const open = whole.indexOf('(');
  const { args, end } = scanArguments(whole, open + 1);
  const name = whole.slice(0, open);
  const { given, ...returned } = end === undefined ? { given: {} } : outcome(whole.slice(end));
  const address = addressIn(args);
  return {
    name,
    args: args.map(withoutMark).filter((arg, i) => arg !== '' || i < args.length - 1),
    ...returned,
    ...('fd' in given ? given : worksOn(name, args)),
    ...(address === undefined ? {} : { address }),
  };
}
