// The notation of ends and of system calls in scenarios; packets have theirs in packet-pattern.ts.

/** Which end of a segment is meant; every part that stays away fits anything. */
export interface EndPattern {
  /** A lab host. */
  host?: string;
  /** One of the host's networks, or `loopback`: the segment carries the host's address there. */
  network?: string;
  port?: number;
}

/** `bind(0.0.0.0:5000) = 0`: a system call, what it names and what it gives. */
export interface CallPattern {
  /** The kernel's name of the call: `recv` and `send` of the C library are `recvfrom` and `sendto` here. */
  name: string;
  /** An endpoint (`0.0.0.0:5000`, `server@lab:5000`), a descriptor, or a piece of any argument's text. */
  argument?: string;
  result?: number;
  /** The symbolic error, when the call must fail. */
  errno?: string;
}

/** `server:5000`, `server@lab:5000`, `0.0.0.0:5000`, `[::]:5000`, `*:*`: one end of a socket row. */
export interface SocketEndPattern extends EndPattern {
  /** A literal address, instead of a host. */
  address?: string;
  /** 0.0.0.0 or ::, either of which every IPv4 client can call. */
  wildcard?: true;
}

/** Either the value, or what is wrong with the text, in words. */
export type Parsed<T> = { value: T } | { wrong: string };

const hostText = '[a-z][a-z0-9-]*';
const networkText = '[a-z][a-z0-9_-]*';
const hostAtNetwork = new RegExp(`^(${hostText})(?:@(${networkText}))?$`);

const portOf = (text: string | undefined): number | undefined =>
  text === undefined || text === '*' ? undefined : Number(text);
const badPort = (port: number | undefined): boolean => port !== undefined && (port < 1 || port > 65_535);

/** An object without the keys whose value is undefined, so that patterns compare and print plainly. */
export function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

/** Reads `HOST`, `HOST.PORT` or `HOST@NETWORK.PORT`; `*` fits any host or port. Never throws. */
export function parseEnd(text: string): Parsed<EndPattern> {
  const [, name = '', portText] = /^(.*?)(?:\.(\d{1,5}|\*))?$/.exec(text) ?? [];
  const port = portOf(portText);
  if (badPort(port)) return { wrong: `port ${port} is not between 1 and 65535` };
  if (name === '*') return { value: present({ port }) };
  if (name === 'any')
    return { wrong: `"any" (0.0.0.0 or ::) is no end of a packet: write ${portText ? `*.${portText}` : '*'}` };
  const [, host, network] = hostAtNetwork.exec(name) ?? [];
  if (host === undefined) return { wrong: `"${text}" is not a host, host.port or host@network.port` };
  return { value: present({ host, network, port }) };
}

/** Functions of the C library that students write, and the system call that the kernel sees. */
const kernelName: Record<string, string> = { recv: 'recvfrom', send: 'sendto', fork: 'clone' };

const callForm = 'a call is written like "accept", "bind(0.0.0.0:5000) = 0" or "connect = ECONNREFUSED"';

/** Reads `NAME[(TEXT)][ = RESULT]`, where RESULT is a number or a symbolic error. Never throws. */
export function parseCallPattern(text: string): Parsed<CallPattern> {
  const match = /^\s*([a-z][a-z0-9_]*)(?:\((.*)\))?(?:\s*=\s*(-?\d{1,10}|E[A-Z0-9]+))?\s*$/.exec(text);
  if (match === null) return { wrong: callForm };
  const [, name = '', argument, given] = match;
  const failed = given?.startsWith('E') === true;
  return {
    value: present({
      name: kernelName[name] ?? name,
      argument: argument?.trim() === '' ? undefined : argument?.trim(),
      result: given === undefined || failed ? undefined : Number(given),
      errno: failed ? given : undefined,
    }),
  };
}

/** Reads one end of a socket row: `HOST[@NETWORK]:PORT`, `ADDRESS:PORT`, `any:PORT` for 0.0.0.0 or ::, with `*` for whatever. Never throws. */
export function parseSocketEnd(text: string): Parsed<SocketEndPattern> {
  const [, name, portText] = /^(.+):(\d{1,5}|\*)$/.exec(text) ?? [];
  const port = portOf(portText);
  if (name === undefined) return { wrong: `"${text}" has no port: write ${text}:5000 or ${text}:*` };
  if (badPort(port)) return { wrong: `port ${port} is not between 1 and 65535` };
  if (name === '*') return { value: present({ port }) };
  if (name === 'any') return { value: present({ wildcard: true as const, port }) };
  const address = /^\[([0-9a-f:.]+)\]$/.exec(name)?.[1] ?? /^\d+\.\d+\.\d+\.\d+$/.exec(name)?.[0];
  if (address !== undefined) return { value: present({ address, port }) };
  const [, host, network] = hostAtNetwork.exec(name) ?? [];
  if (host === undefined) return { wrong: `"${name}" is neither a host, host@network, an address nor *` };
  return { value: present({ host, network, port }) };
}

const placeholder = new RegExp(`\\{(${hostText})@(${networkText})(/ipv6)?\\}`, 'g');

/** A host's address on one of its networks (or `loopback`), as a command line names it: `{server@lab}`, `{server@lab/ipv6}`. */
export interface AddressPlaceholder {
  host: string;
  network: string;
  ipv6: boolean;
}

/** The placeholders of one argument, in order. Other braces are ordinary text. */
export const addressPlaceholders = (argument: string): AddressPlaceholder[] =>
  [...argument.matchAll(placeholder)].map(([, host = '', network = '', six]) => ({
    host,
    network,
    ipv6: six !== undefined,
  }));

/**
 * The arguments with every `{host@network}` replaced by the host's address there.
 * `addressOf` is asked once a placeholder and may throw when the host has no such address.
 */
export const expandArguments = (argv: readonly string[], addressOf: (wanted: AddressPlaceholder) => string): string[] =>
  argv.map((argument) =>
    argument.replace(placeholder, (_, host: string, network: string, six?: string) =>
      addressOf({ host, network, ipv6: six !== undefined }),
    ),
  );
