// Sockets as the programs' calls made them: who made which, what it is bound to, who still holds it, fork included.

import type { Call } from '../model/call.ts';
import type { Endpoint } from '../model/endpoint.ts';

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
}

export const sendCalls = new Set(['write', 'writev', 'send', 'sendto', 'sendmsg', 'sendmmsg']);
export const receiveCalls = new Set(['read', 'readv', 'recv', 'recvfrom', 'recvmsg', 'recvmmsg']);
export const acceptCalls = new Set(['accept', 'accept4']);
export const forkCalls = new Set(['fork', 'vfork', 'clone', 'clone3']);
const dupCalls = new Set(['dup', 'dup2', 'dup3']);

/** The descriptor and inode in `3<socket:[17132]>`. */
export function socketArgument(text: string | undefined): { fd: number; inode: number } | undefined {
  const [, fd, inode] = /^(\d+)<[^>]*:\[(\d+)\]>/.exec(text ?? '') ?? [];
  return fd === undefined ? undefined : { fd: Number(fd), inode: Number(inode) };
}

/** A thread shares its maker's descriptors; everything else starts with a copy of them. */
const sharesDescriptors = ({ args }: Call): boolean => args.some((text) => text.includes('CLONE_FILES'));
export const isThread = ({ args }: Call): boolean => args.some((text) => text.includes('CLONE_THREAD'));

/** What is known of the descriptors of every process: host and pid → descriptor → inode. */
export function descriptors() {
  const tables = new Map<string, Map<number, number>>();
  const tableOf = (host: string, pid: number): Map<number, number> => {
    const key = `${host} ${pid}`;
    const known = tables.get(key);
    if (known) return known;
    const fresh = new Map<number, number>();
    tables.set(key, fresh);
    return fresh;
  };
  return {
    /** Follows a call that gives, copies or ends descriptors. */
    follow(call: Call): void {
      const table = tableOf(call.host, call.pid);
      const { name, fd, inode, result = -1 } = call;
      if ((name === 'socket' || acceptCalls.has(name)) && result >= 0 && inode !== undefined) table.set(result, inode);
      else if (dupCalls.has(name) && result >= 0) {
        const copied = socketArgument(call.args[0]) ?? { inode: table.get(fd ?? -1) };
        if (copied.inode !== undefined) table.set(result, copied.inode);
      } else if (forkCalls.has(name) && result > 0)
        tables.set(`${call.host} ${result}`, sharesDescriptors(call) ? table : new Map(table));
      else if (name === 'close' && fd !== undefined) table.delete(fd);
    },
    /** The inode that a descriptor of a process stands for. */
    inodeOf: (host: string, pid: number, fd: number): number | undefined => tableOf(host, pid).get(fd),
    /** All inodes that a process holds. */
    heldBy: (host: string, pid: number): number[] => [...new Set(tableOf(host, pid).values())],
  };
}

const domainOf = (text: string | undefined): SocketView['domain'] =>
  text === 'AF_INET' || text === 'AF_INET6' ? 'inet' : 'other';

function typeOf(text: string | undefined): SocketView['type'] {
  if (text?.includes('SOCK_STREAM')) return 'stream';
  return text?.includes('SOCK_DGRAM') ? 'datagram' : 'other';
}

/** A socket from the call that made it, `socket` or `accept`, or from the first call that named it. */
export function newSocket(call: Call, inode: number, made: 'socket' | 'accepted' | 'unknown'): SocketView {
  const [domain, type] = call.args;
  return {
    host: call.host,
    inode,
    program: call.program,
    domain: made === 'socket' ? domainOf(domain) : 'inet',
    type: made === 'socket' ? typeOf(type) : 'stream',
    listening: false,
    written: 0,
    used: made === 'accepted',
    closers: [],
  };
}
