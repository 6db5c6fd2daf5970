// Sockets as the programs' calls made them: who made which, what it is bound to, who had it open when.

import type { Call } from '../model/call.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { SocketOwner } from '../model/report.ts';
import type { Micros } from '../model/time.ts';

/** One socket of one host, known by its inode. */
export interface SocketView {
  host: string;
  inode: number;
  program: string;
  domain: 'inet' | 'other';
  type: 'stream' | 'datagram' | 'other';
  local?: Endpoint;
  peer?: Endpoint;
  listening: boolean;
  conversation?: number;
  fromInitiator?: boolean;
  /** Payload bytes that calls have queued on it so far. */
  written: number;
  /** It named, sent or received something; a socket that only asked for a route (getaddrinfo does) stays false. */
  used: boolean;
  /** Calls that may end its sending side, in order of time: shutdown, close, the end of a process. */
  closers: number[];
  owners: SocketOwner[];
  /** All calls on it, by index, in order of time. */
  calls: number[];
  /** When nobody had it open any more, and the call that let go of it last. */
  released?: { at: Micros; call?: number };
}

const sendCalls = new Set(['write', 'writev', 'pwritev2', 'send', 'sendto', 'sendmsg', 'sendmmsg', 'sendfile']);
const receiveCalls = new Set(['read', 'readv', 'preadv2', 'recv', 'recvfrom', 'recvmsg', 'recvmmsg']);
type Moving = Pick<Call, 'name' | 'args'>;

/** splice(2) moves bytes from a socket into a pipe, or from a pipe into a socket. */
const isSocket = (argument: string | undefined): boolean => /^\d+<(?!pipe)[\w-]+:\[/.test(argument ?? '');
const splicesFrom = ({ name, args }: Moving): boolean => name === 'splice' && isSocket(args[0]);
const splicesInto = ({ name, args }: Moving): boolean => name === 'splice' && isSocket(args[2]);
export const sends = (call: Moving): boolean => sendCalls.has(call.name) || splicesInto(call);
export const receives = (call: Moving): boolean => receiveCalls.has(call.name) || splicesFrom(call);

/** Bytes that a call moved; sendmmsg and recvmmsg give a number of messages, and strace shows the bytes of each. */
export const bytesMoved = ({ name, args, result = 0 }: Moving & Pick<Call, 'result'>): number =>
  name.endsWith('mmsg')
    ? [...(args[1] ?? '').matchAll(/msg_len=(\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0)
    : result;

export const acceptCalls = new Set(['accept', 'accept4']);
/** Calls that wait for any of several descriptors. */
export const pollCalls = new Set(['poll', 'ppoll', 'select', 'pselect6', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2']);
export const forkCalls = new Set(['fork', 'vfork', 'clone', 'clone3']);

/** The descriptor and inode in `3<socket:[17132]>`. */
export function socketArgument(text: string | undefined): { fd: number; inode: number } | undefined {
  const [, fd, inode] = /^(\d+)<[^>]*:\[(\d+)\]>/.exec(text ?? '') ?? [];
  return fd === undefined ? undefined : { fd: Number(fd), inode: Number(inode) };
}

export const isThread = ({ args }: Call): boolean => args.some((text) => text.includes('CLONE_THREAD'));

const domainOf = (text: string | undefined): SocketView['domain'] =>
  text === 'AF_INET' || text === 'AF_INET6' ? 'inet' : 'other';

function typeOf(text: string | undefined): SocketView['type'] {
  if (text?.includes('SOCK_STREAM')) return 'stream';
  return text?.includes('SOCK_DGRAM') ? 'datagram' : 'other';
}

/** A socket from the call that made it, `socket` or `accept`; one that was there before is `other` until an address shows more. */
export function newSocket(call: Call, inode: number, made: 'socket' | 'accepted' | 'unknown'): SocketView {
  const [domain, type] = call.args;
  return {
    host: call.host,
    inode,
    program: call.program,
    domain: made === 'accepted' ? 'inet' : made === 'socket' ? domainOf(domain) : 'other',
    type: made === 'socket' ? typeOf(type) : 'stream',
    listening: false,
    written: 0,
    used: made === 'accepted',
    closers: [],
    owners: [],
    calls: [],
  };
}
