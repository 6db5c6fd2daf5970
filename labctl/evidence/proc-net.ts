// Reads /proc/net/{tcp,tcp6,udp,udp6}: the socket table that can be watched cheaply, and without touching a socket.

import type { SocketRow } from '../model/look.ts';

export type ProcSocket = Pick<
  SocketRow,
  'protocol' | 'state' | 'local' | 'peer' | 'receiveQueue' | 'sendQueue' | 'uid' | 'inode'
>;

/** Rows of one file; `protocol` is the file's, IPv4 or IPv6 is seen from the address. For LISTEN, receiveQueue is the accept queue. */
export function parseProcNet(_text: string, _protocol: 'tcp' | 'udp'): ProcSocket[] {
  throw new Error('not yet');
}
