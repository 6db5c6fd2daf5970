// One packet of a run in the notation of the scenarios, so that what was seen can be laid beside what was expected.

import type { Passage } from '../../model/report.ts';
import { icmpText } from '../icmp-text.ts';
import type { Names } from './packet-test.ts';

/** `1.003s`, `204ms`, `310µs`: as a scenario would write it. */
export function timeText(micros: number): string {
  if (micros < 1000) return `${micros}µs`;
  return micros < 1_000_000 ? `${Math.round(micros / 1000)}ms` : `${(micros / 1_000_000).toFixed(3)}s`;
}

function segmentWords({ tcp, number }: Passage, names: Names): string {
  if (!tcp) return '';
  const length = tcp.length > 0 ? ` length ${tcp.length}` : '';
  const said = (names.get(number) ?? []).map((name) => ` ${name}`).join('');
  const again = tcp.repeats ? ` again after ${Math.round(tcp.repeats.after / 1000)}ms` : '';
  return `${tcp.flags}${length}${said}${again}`;
}

function words(passage: Passage, names: Names): string {
  const { from, to, tcp, udp, icmp, packet } = passage;
  if (tcp)
    return `${from}.${tcp.header.sourcePort} > ${to}.${tcp.header.destinationPort} ${segmentWords(passage, names)}`;
  if (udp) return `${from}.${udp.sourcePort} > ${to}.${udp.destinationPort} UDP, length ${udp.length}`;
  if (icmp) return `${from} > ${to} ICMP ${icmpText(icmp)}`;
  if (passage.arp?.operation === 'request') return `ARP, Request who-has ${to} tell ${from}`;
  if (passage.arp?.operation === 'reply') return `ARP, Reply ${from} is-at`;
  return `${from} > ${to} protocol ${packet.ip?.protocol ?? '?'}`;
}

/** The packet with the frame that shows it; `before` says how long after another packet it came. */
export function packetText(passage: Passage, names: Names, before?: Passage): string {
  const { sent, arrived, lost, at } = passage;
  const sighting = sent ?? arrived;
  const where = sighting ? ` [${sighting.point.host} frame ${sighting.frame}]` : '';
  const since = before ? `+${timeText(at - before.at)} ` : '';
  return `${since}${words(passage, names)}${lost ? ' lost' : ''}${where}`;
}
