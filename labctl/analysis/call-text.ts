// System calls as a reader wants them: short, with endpoints, in the notation that scenarios use.

import { type Call, utf8Text } from '../model/call.ts';
import { endpointText } from '../model/endpoint.ts';
import { receives, sends } from './sockets.ts';

/** `3<socket:[17132]>` → `3`. */
const bare = (argument: string | undefined): string => argument?.replace(/<.*$/s, '') ?? '';

const longestQuote = 24;

/** The bytes that a transfer call names, if strace printed them as text; long ones are cut. */
function quoted(argument: string | undefined): string | undefined {
  if (!argument?.startsWith('"')) return undefined;
  const text = utf8Text(argument);
  return text.length <= longestQuote ? text : `${text.slice(0, longestQuote - 2)}…"`;
}

/** What programs call these; without an address, the C library makes recvfrom and sendto of recv and send (recv(2)). */
const familiar: Readonly<Record<string, string>> = { accept4: 'accept', recvfrom: 'recv', sendto: 'send' };

/** What a call worked on, without what only the kernel cares for: `bind(3, 0.0.0.0:5000)`, `read(4)`, `socket(AF_INET, SOCK_STREAM)`. */
export function callText(call: Call): string {
  const { args, address } = call;
  const name = familiar[call.name] ?? call.name;
  if (name === 'socket') return `socket(${args.slice(0, 2).join(', ')})`;
  if ((name === 'bind' || name === 'connect') && address) return `${name}(${bare(args[0])}, ${endpointText(address)})`;
  if (name === 'listen' || name === 'shutdown') return `${name}(${[bare(args[0]), ...args.slice(1)].join(', ')})`;
  const text = sends(call) || receives(call) ? quoted(args[1]) : undefined;
  return `${name}(${text === undefined ? bare(args[0]) : `${bare(args[0])}, ${text}`})`;
}

/** `4`, `0`, `ECONNREFUSED`; `…` while it had not returned. */
export function resultText({ result, errno }: Call): string {
  // strace sees the kernel's own word for a call that a signal interrupted; the program is told EINTR (signal(7)).
  if (errno?.startsWith('ERESTART')) return 'EINTR';
  return errno ?? (result === undefined ? '…' : `${result}`);
}
