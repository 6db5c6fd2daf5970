// Whether one packet of a run is what a pattern speaks of.

import type { EndPattern } from '../../model/notation.ts';
import type { Icmp } from '../../model/packet.ts';
import type { LengthPattern, PacketPattern, SegmentPattern } from '../../model/packet-pattern.ts';
import type { Passage } from '../../model/report.ts';
import type { AnalysisName } from '../../model/tcp-analysis.ts';
import { isInRange } from '../../model/time-range.ts';
import { icmpText } from '../icmp-text.ts';
import { addressesOf, type Evidence } from './evidence.ts';

/** Passage number → what Wireshark's analysis calls it. */
export type Names = ReadonlyMap<number, readonly AnalysisName[]>;

/** A test for one end of a passage: the host's name, its address on a network, the port. */
function endTest(pattern: EndPattern, evidence: Evidence) {
  const { host, network, port } = pattern;
  const addresses = host !== undefined && network !== undefined ? addressesOf(evidence, host, network) : undefined;
  return (name: string, address: string | undefined, own: number | undefined): boolean =>
    (host === undefined || name === host) &&
    (addresses === undefined || address === undefined || addresses.has(address)) &&
    (port === undefined || own === port);
}

const hasLength = (pattern: LengthPattern | undefined, length: number): boolean =>
  pattern === undefined || (pattern.relation === '>' ? length > pattern.value : length === pattern.value);

function isSegment(
  { flags, length, names = [], fate, after }: SegmentPattern,
  passage: Passage,
  known: Names,
): boolean {
  const { tcp, number } = passage;
  if (tcp === undefined || tcp.flags !== flags || !hasLength(length, tcp.length)) return false;
  if (fate === 'again' && (!tcp.repeats || (after && !isInRange(after, tcp.repeats.after)))) return false;
  const own = known.get(number) ?? [];
  return names.every((name) => own.includes(name));
}

const isMessage = (message: string | undefined, icmp: Icmp | undefined): boolean =>
  icmp !== undefined && (message === undefined || icmpText(icmp) === message);

function isKind(pattern: PacketPattern, passage: Passage, known: Names): boolean {
  if (pattern.protocol === 'tcp') return isSegment(pattern, passage, known);
  if (pattern.protocol === 'udp') return passage.udp !== undefined && hasLength(pattern.length, passage.udp.length);
  if (pattern.protocol === 'icmp') return isMessage(pattern.message, passage.icmp);
  return passage.arp?.operation === pattern.operation;
}

/** The test that a pattern makes of each passage. */
export function packetTest(pattern: PacketPattern, evidence: Evidence, known: Names): (passage: Passage) => boolean {
  const source = endTest(pattern.source, evidence);
  const destination = endTest(pattern.destination, evidence);
  return (passage) => {
    const { from, to, lost, packet, tcp, udp } = passage;
    const ports = tcp?.header ?? udp;
    return (
      isKind(pattern, passage, known) &&
      (pattern.fate !== 'lost' || lost) &&
      source(from, packet.ip?.source ?? packet.arp?.senderAddress, ports?.sourcePort) &&
      destination(to, packet.ip?.destination ?? packet.arp?.targetAddress, ports?.destinationPort)
    );
  };
}
