// Reads /proc/net/{tcp,tcp6,udp,udp6}: the socket table that can be watched cheaply, and without touching a socket.

import type { Endpoint } from '../model/endpoint.ts';
import type { SocketRow, SocketState } from '../model/look.ts';
import { ipv4Text, ipv6Text, unmapped } from './address-text.ts';
import { badLine } from './bad-line.ts';

export type ProcSocket = Pick<
  SocketRow,
  'protocol' | 'state' | 'local' | 'peer' | 'receiveQueue' | 'sendQueue' | 'uid' | 'inode'
>;

/** By number, from Linux include/net/tcp_states.h; 12 is a handshake not yet finished (TCP_NEW_SYN_RECV). */
const tcpStates: readonly (SocketState | undefined)[] = [
  undefined,
  'ESTABLISHED',
  'SYN-SENT',
  'SYN-RECEIVED',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'TIME-WAIT',
  'CLOSED',
  'CLOSE-WAIT',
  'LAST-ACK',
  'LISTEN',
  'CLOSING',
  'SYN-RECEIVED',
];

/** An address lies there as 32-bit words in the host's byte order: little-endian on every machine that labctl runs on. */
function addressOf(hex: string): string {
  const raw = Buffer.from(hex, 'hex');
  const bytes = raw.swap32();
  return bytes.length === 4 ? ipv4Text(bytes, 0) : unmapped(ipv6Text(bytes, 0));
}

const endpointOf = (address: string, port: string): Endpoint => ({
  address: addressOf(address),
  port: Number.parseInt(port, 16),
});

const hexAddress = '((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4})';
const rowShape = new RegExp(
  `^\\s*\\d+: ${hexAddress} ${hexAddress} ([0-9A-F]{2}) ([0-9A-F]+):([0-9A-F]+) \\S+ \\S+ +(\\d+) +\\d+ (\\d+)`,
);

function parseRow(line: string, number: number, protocol: 'tcp' | 'udp'): ProcSocket {
  const [, local = '', localPort = '', peer = '', peerPort = '', stateHex = '', send = '', receive = '', uid, inode] =
    rowShape.exec(line) ?? [];
  const tcpState = tcpStates[Number.parseInt(stateHex, 16)];
  const state = protocol === 'udp' && tcpState === 'CLOSED' ? 'UNCONN' : tcpState;
  if (!state) throw badLine(`/proc/net/${protocol}`, number, line);
  return {
    protocol,
    state,
    local: endpointOf(local, localPort),
    peer: endpointOf(peer, peerPort),
    receiveQueue: Number.parseInt(receive, 16),
    sendQueue: Number.parseInt(send, 16),
    uid: Number(uid),
    inode: Number(inode),
  };
}

/**
 * Rows of one file, header left out (proc_pid_net(5)); IPv4 or IPv6 is seen from the length of the address.
 * For LISTEN, receiveQueue is the accept queue. Throws LabError for a line that is no row.
 */
export const parseProcNet = (text: string, protocol: 'tcp' | 'udp'): ProcSocket[] =>
  text
    .split('\n')
    .flatMap((line, i) =>
      line.trim() === '' || line.includes('local_address') ? [] : [parseRow(line, i + 1, protocol)],
    );
