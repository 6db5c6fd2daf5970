// The display filter with which Wireshark shows what a run is about, and leaves out what every network says to itself.

import type { Report } from '../model/report.ts';

const among = (field: string, ports: ReadonlySet<number>): string[] => {
  const sorted = [...ports].sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  return [sorted.length === 1 ? `${field} == ${sorted[0]}` : `${field} in {${sorted.join(', ')}}`];
};

/** More than so many ports say less than the protocol alone. */
const mostPorts = 6;

/** `tcp.port == 5000`; empty where nothing was said between hosts. */
export function displayFilter({ conversations, passages, run }: Report): string {
  const hosts = new Set(run.hosts.map(({ name }) => name));
  const called = new Set(conversations.map(({ responder }) => responder.endpoint.port));
  const between = passages.filter(({ from, to }) => hosts.has(from) && hosts.has(to));
  const datagrams = new Set(between.flatMap(({ udp }) => (udp ? [udp.destinationPort] : [])));
  const icmp = between.some(({ icmp: message }) => message !== undefined);
  return [
    ...(called.size > mostPorts ? ['tcp'] : among('tcp.port', called)),
    ...(datagrams.size > mostPorts ? ['udp'] : among('udp.port', datagrams)),
    ...(icmp ? ['icmp'] : []),
  ].join(' or ');
}
