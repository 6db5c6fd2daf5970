// A capture that anyone made as a run without hosts, calls or looks: each packet was seen once, by whoever sent it, as far
// as can be told. So all pictures of a run can be drawn of it.

import { TcpAnalysis } from '../analysis/tcp/analysis.ts';
import type { Damage } from '../evidence/capture-frame.ts';
import { decode } from '../evidence/decode.ts';
import { HeaderScan } from '../evidence/scan/header-scan.ts';
import { kinds, type Segment } from '../evidence/scan/segment.ts';
import type { Packet } from '../model/packet.ts';
import { type RecordedRun, runVersion } from '../model/run.ts';
import type { SegmentFinding } from '../model/tcp-analysis.ts';
import { type CaptureSource, scanCapture } from './scan-capture.ts';

/** Of each packet: headers, and enough of what they carry to be recognised. */
const mostBytes = 512;

export interface CaptureRunOptions {
  /** As the user wrote it. */
  name: string;
  /** More packets are counted, not kept. */
  most: number;
}

/** Who sent it: its IP address, or what its link calls it. */
const senderOf = ({ ip, arp, link }: Packet): string => ip?.source ?? arp?.senderAddress ?? link?.source ?? '?';

function textOf(kept: number, all: number): { en: string; fr: string } {
  const [en, fr] =
    kept < all ? [`the first ${kept} of ${all}`, `les ${kept} premiers de ${all}`] : [`${all}`, `${all}`];
  return {
    en: `A capture of ${en} packets, seen at one place: it cannot tell which of them arrived.`,
    fr: `Une capture de ${fr} paquets, vus en un seul lieu : elle ne peut pas dire lesquels sont arrivés.`,
  };
}

/** Reads as many packets as are asked for; says why a damaged one ends early. Throws LabError `usage` for what is no capture. */
export async function readCaptureRun(
  source: CaptureSource,
  { name, most }: CaptureRunOptions,
): Promise<{ run: RecordedRun; damage?: Damage }> {
  const packets: Packet[] = [];
  const scan = new HeaderScan();
  const analysis = new TcpAnalysis();
  let all = 0;
  const { damage } = await scanCapture(
    source,
    (bytes, record) => {
      all += 1;
      if (packets.length >= most) return;
      const { interface: number, linkType, seconds, nanoseconds, wireLength, start, end } = record;
      const frame = {
        interface: number,
        linkType,
        seconds,
        nanoseconds,
        wireLength,
        bytes: bytes.slice(start, Math.min(end, start + mostBytes)),
      };
      const packet = decode(frame, { host: '', interface: name }, all);
      packet.capturedLength = end - start;
      packet.point = { host: senderOf(packet), interface: name };
      const finding = findingOf(scan.read(bytes, record), analysis);
      packets.push(finding ? { ...packet, finding } : packet);
    },
    () => Promise.resolve(),
  );
  return { run: runOf(name, packets, all), damage };
}

/** What Wireshark would say of a segment; undefined where that is nothing. */
function findingOf(segment: Segment, analysis: TcpAnalysis): SegmentFinding | undefined {
  if (segment.kind === kinds.none) return undefined;
  analysis.see(segment);
  const { flags, duplicate, duplicateOf } = analysis;
  return flags === 0 ? undefined : { flags, duplicate, duplicateOf };
}

function runOf(name: string, packets: Packet[], all: number): RecordedRun {
  const addresses = [...new Set(packets.flatMap(({ ip }) => (ip ? [ip.source, ip.destination] : [])))];
  const times = packets.map(({ at }) => at);
  const [started, ended] = [times[0] ?? 0, times.reduce((latest, at) => Math.max(latest, at), times[0] ?? 0)];
  const scenario = { name, file: '', title: { en: name, fr: name }, about: textOf(packets.length, all) };
  return {
    folder: '',
    record: {
      ...{ version: runVersion, labctl: '', lab: '', scenario: name, kernel: '', outcome: 'complete' },
      ...{ started, ended, programs: [], drops: [], engine: { name: '', version: '' } },
      hosts: addresses.map((address) => ({
        name: address,
        interfaces: [{ name, network: 'capture', addresses: [address] }],
        sysctls: {},
        congestionControl: '',
      })),
    },
    scenario: { ...scenario, hosts: addresses, steps: [], expect: [] },
    ...{ events: [], packets, calls: [], looks: [], sources: {} },
  };
}
