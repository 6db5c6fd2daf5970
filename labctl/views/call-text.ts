// A system call as one short line, `accept(3) = 4`: the arguments that teach, without structures, lengths and addresses in memory.

import { type Call, utf8Text } from '../model/call.ts';
import { type Endpoint, endpointText } from '../model/endpoint.ts';

/** How an endpoint is called here: `server:5000` where its host is known. */
export type NameEndpoint = (endpoint: Endpoint) => string;

const longestData = 24;

/** `3<socket:[4711]>` → `3`; quoted bytes are kept short. */
function bare(argument: string): string {
  if (!argument.startsWith('"')) return argument.replace(/<.*>/, '');
  const text = utf8Text(/^"(.*)"(\.\.\.)?$/s.exec(argument)?.[1] ?? argument);
  return text.length > longestData ? `"${text.slice(0, longestData - 1)}…"` : `"${text}"`;
}

const dataCalls = new Set(['read', 'write', 'recv', 'send', 'recvfrom', 'sendto']);
const addressCalls = new Set(['bind', 'connect', 'sendto']);
const firstOnly = new Set([
  'accept',
  'accept4',
  'close',
  'execve',
  'getsockname',
  'getpeername',
  'recvmsg',
  'sendmsg',
  'readv',
  'writev',
  'preadv2',
  'pwritev2',
  'recvmmsg',
  'sendmmsg',
]);
/** From one descriptor to another: where they stand among the arguments. */
const between: Record<string, [number, number]> = { sendfile: [0, 1], splice: [0, 2] };
const silent = new Set(['socket', 'fork', 'vfork', 'clone', 'clone3', 'wait4', 'waitid', 'pause']);
/** The arguments that name what these wait for. */
const pollArguments: Record<string, [from: number, to: number]> = {
  poll: [0, 1],
  ppoll: [0, 1],
  select: [1, 4],
  pselect6: [1, 4],
  epoll_wait: [0, 1],
  epoll_pwait: [0, 1],
};

/** The descriptors that a poll waits for, each once. */
function polled(args: readonly string[], [from, to]: [number, number]): string[] {
  const text = args
    .slice(from, to)
    .join(' ')
    .replace(/<[^>]*>/g, '');
  const named = text.includes('fd=') ? text.match(/(?<=fd=)\d+/g) : text.match(/\d+/g);
  return [...new Set(named ?? [])];
}

/** What programs call these; the kernel's own names say less. */
const familiar: Record<string, string> = {
  accept4: 'accept',
  clone: 'fork',
  clone3: 'fork',
  vfork: 'fork',
  wait4: 'wait',
  exit_group: 'exit',
  recvfrom: 'recv',
  sendto: 'send',
}; // prettier-ignore

/** recvfrom and sendto without an address are what the C library's recv and send become. */
function shownName(call: Call): string {
  if ((call.name === 'recvfrom' || call.name === 'sendto') && call.address) return call.name;
  return familiar[call.name] ?? call.name;
}

/** True for bytes the call gives: they are known only once it has returned. */
const givesBytes = (name: string): boolean => ['read', 'recv', 'recvfrom'].includes(name);

function shownArguments(call: Call, nameOf: NameEndpoint): string[] {
  const args = call.args.map(bare);
  const [first = ''] = args;
  if (silent.has(call.name)) return [];
  const poll = pollArguments[call.name];
  if (poll) return polled(call.args, poll);
  const address = call.address && addressCalls.has(call.name) ? [nameOf(call.address)] : [];
  if (dataCalls.has(call.name)) return [first, ...(args[1]?.startsWith('"') ? [args[1]] : []), ...address];
  if (address.length > 0) return [first, ...address];
  if (firstOnly.has(call.name)) return [first];
  const ends = between[call.name];
  if (ends) return ends.map((place) => args[place] ?? '');
  if (call.name === 'setsockopt' || call.name === 'getsockopt') return [first, args[2] ?? ''];
  return args.filter((argument) => !/^[{[]/.test(argument)).slice(0, 3);
}

/** `accept(3)`: the call as it was made. `returned` false leaves out the bytes that it is still waiting for. */
export function callText(call: Call, nameOf: NameEndpoint = endpointText, returned = true): string {
  const args = shownArguments(call, nameOf);
  const known = returned || !givesBytes(call.name) ? args : args.slice(0, 1);
  return `${shownName(call)}(${known.join(', ')})`;
}

/** `4 ← client1:41022`, `ECONNREFUSED`; empty for what never returned. */
export function resultText(call: Call, nameOf: NameEndpoint = endpointText): string {
  // strace sees the kernel's own word for a call that a signal interrupted; the program is told EINTR (signal(7)).
  if (call.errno !== undefined) return call.errno.startsWith('ERESTART') ? 'EINTR' : call.errno;
  if (call.result === undefined) return '';
  const from =
    call.address && /^(accept|recvfrom)/.test(call.name) && call.result >= 0 ? ` ← ${nameOf(call.address)}` : '';
  return `${call.result}${from}`;
}
