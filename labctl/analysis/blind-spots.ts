// What a run's own evidence says that other evidence lacks: sockets that talk over loopback, where nobody captured, and
// programs that ask the kernel through io_uring, which no trace of calls shows.

import type { Call } from '../model/call.ts';
import type { BlindSpots } from '../model/report.ts';
import type { RunRecord } from '../model/run.ts';
import { isLoopback } from './hosts.ts';

/** It has a ring: what it then asks for through that is no system call. */
export const makesRing = ({ name, result = -1 }: Call): boolean => name === 'io_uring_setup' && result >= 0;

const dockerDns = '127.0.0.11';
const talks = new Set(['connect', 'sendto', 'sendmsg']);

/** A packet to an address of the host's own never comes by another interface than loopback. */
function staysInside({ name, host, address, result = -1, errno }: Call, run: RunRecord): boolean {
  if (!address || !talks.has(name) || (result < 0 && errno !== 'EINPROGRESS' && errno !== 'ECONNREFUSED')) return false;
  const bare = address.address.replace(/^::ffff:/, '');
  const own = run.hosts.find((each) => each.name === host)?.interfaces.flatMap(({ addresses }) => addresses) ?? [];
  return bare !== dockerDns && address.port > 0 && (isLoopback(bare) || own.includes(bare));
}

/** In the order in which they came up; undefined where there are none. */
export function blindSpots(calls: readonly Call[], run: RunRecord): BlindSpots | undefined {
  const recorded = new Set(run.drops.flatMap(({ host, interface: name }) => (name === 'lo' ? [host] : [])));
  const inside = calls.filter((call) => !recorded.has(call.host) && staysInside(call, run));
  const loopback = [...new Set(inside.map(({ host }) => host))];
  const uring = [...new Set(calls.filter(makesRing).map(({ program }) => program))];
  return loopback.length + uring.length === 0 ? undefined : { loopback, uring };
}
