// What Wireshark's TCP analysis calls each segment of a run, in the capture of the host that sent it.

import { kinds, Segment } from '../../evidence/scan/segment.ts';
import type { Passage, Sighting } from '../../model/report.ts';
import { type AnalysisName, namesOf } from '../../model/tcp-analysis.ts';
import { TcpAnalysis } from '../tcp/analysis.ts';

interface Seen {
  passage: Passage;
  sighting: Sighting;
}

/** The capture that tells: the sender's, else the one in which it arrived. */
const home = ({ sent, arrived }: Passage): Sighting | undefined => sent ?? arrived;

/** The TCP segments of each host's capture, in the order of its frames. */
function captures(passages: readonly Passage[]): Seen[][] {
  const byHost = new Map<string, Seen[]>();
  for (const passage of passages)
    for (const sighting of passage.tcp ? [passage.sent, passage.arrived, ...(passage.copies ?? [])] : []) {
      if (!sighting) continue;
      const seen = byHost.get(sighting.point.host) ?? [];
      seen.push({ passage, sighting });
      byHost.set(sighting.point.host, seen);
    }
  return [...byHost.values()].map((seen) => seen.sort((a, b) => a.sighting.frame - b.sighting.frame));
}

/** Addresses are only compared with each other, so a number for each will do. */
function addressNumbers() {
  const numbers = new Map<string, number>();
  return (address: string): number => {
    const known = numbers.get(address) ?? numbers.size + 1;
    numbers.set(address, known);
    return known;
  };
}

function segmentOf({ passage: { packet, tcp }, sighting }: Seen, numberOf: (address: string) => number): Segment {
  const segment = new Segment();
  const { header } = tcp as NonNullable<Passage['tcp']>;
  segment.kind = kinds.segment;
  segment.frame = sighting.frame;
  segment.seconds = Math.floor(sighting.at / 1_000_000);
  segment.nanoseconds = (sighting.at % 1_000_000) * 1000;
  segment.wireLength = packet.wireLength;
  segment.family = 4;
  segment.addresses[0] = numberOf(packet.ip?.source ?? '');
  segment.addresses[4] = numberOf(packet.ip?.destination ?? '');
  segment.sourcePort = header.sourcePort;
  segment.destinationPort = header.destinationPort;
  segment.seq = header.seq | 0;
  segment.ack = header.ack | 0;
  segment.flags = header.flags;
  segment.window = header.window;
  segment.headerLength = 20;
  segment.length = header.length;
  segment.windowScale = header.options.windowScale ?? -1;
  return segment;
}

/** Passage number → its names; segments that have none are left out. */
export function tcpNames(passages: readonly Passage[]): Map<number, AnalysisName[]> {
  const found = new Map<number, AnalysisName[]>();
  for (const seen of captures(passages)) {
    const analysis = new TcpAnalysis();
    const numberOf = addressNumbers();
    for (const one of seen) {
      analysis.see(segmentOf(one, numberOf));
      if (analysis.flags !== 0 && home(one.passage) === one.sighting)
        found.set(one.passage.number, namesOf(analysis.flags));
    }
  }
  return found;
}
