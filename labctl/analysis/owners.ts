// Which process had which socket when, and who let go of it last: the descriptors' story told by socket.

import type { Call, CallEvent } from '../model/call.ts';
import type { SocketOwner } from '../model/report.ts';
import { type DescriptorChange, descriptorChanges } from './descriptors.ts';
import type { SocketView } from './sockets.ts';

function note(socket: SocketView, { program, pid, at, change, call }: DescriptorChange): void {
  if ('gained' in change) {
    socket.owners.push({ program, pid, from: at, by: change.gained });
    delete socket.released;
    return;
  }
  const own = socket.owners.findLast((owner) => owner.pid === pid && owner.until === undefined);
  if (own) Object.assign(own, { until: at, ended: change.ended });
  if (call !== undefined) socket.closers.push(call);
  if (socket.owners.every(({ until }) => until !== undefined))
    socket.released = { at, ...(call === undefined ? {} : { call }) };
}

const isHalfClose = ({ name, args, result }: Call): boolean =>
  name === 'shutdown' && args[1] !== 'SHUT_RD' && result !== -1;

/** Fills owners, closers and the release of every socket; `socketOf` by call index, for shutdown, which closes no descriptor. */
export function findOwners(
  calls: readonly Call[],
  ends: readonly CallEvent[],
  sockets: ReadonlyMap<string, SocketView>,
  socketOf: ReadonlyMap<number, SocketView>,
): void {
  for (const change of descriptorChanges(calls, ends)) {
    const socket = sockets.get(`${change.host} ${change.inode}`);
    if (socket) note(socket, change);
  }
  for (const [index, socket] of socketOf) if (isHalfClose(calls[index] as Call)) socket.closers.push(index);
  for (const { closers, owners } of sockets.values()) {
    closers.sort((a, b) => a - b);
    owners.sort(byTime);
  }
}

const byTime = (a: SocketOwner, b: SocketOwner): number => a.from - b.from;
