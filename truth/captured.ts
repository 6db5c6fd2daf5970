// Captures of hosts that really talk, as they come out in practice: begun in the middle, of one direction, cut short, of
// two interfaces at once, with VLANs, tunnels, fragments that overlap, and ports used again.

import type { Capture, Frame } from './capture.ts';
import { type Addresses, framed, ipPacket, type LinkName, linkNames, protocols, tcpSegment } from './frames.ts';
import { type Sent, Talk } from './hosts.ts';
import { overlapping } from './overlapping.ts';
import type { Random } from './random.ts';
import { randomWeather } from './weather.ts';
import { wrapped } from './wrapping.ts';

const starts = [0, 1, 0xffff_fff0, 0xffff_f000, 0x7fff_f000, 0x8000_0000, 123_456_789];

/** How the capture was made. */
interface Manner {
  link: LinkName;
  snapLength: number;
  /** The side that is missing. */
  missing: number;
  /** Frames left out at the beginning. */
  late: number;
  twoInterfaces: boolean;
  wrapped: number;
  fragmented: number;
}

const manner = (random: Random): Manner => ({
  link: random.pick(linkNames),
  snapLength: random.chance(15) ? random.pick([54, 60, 66, 68, 74, 80, 96, 128]) : 262_144,
  missing: random.chance(12) ? random.below(2) : -1,
  late: random.chance(25) ? random.below(30) : 0,
  twoInterfaces: random.chance(8),
  wrapped: random.chance(15) ? 100 : 0,
  fragmented: random.chance(10) ? 20 : 0,
});

/** Talks of one pair of hosts: now and then with the same ports again, from the same number or another. */
function talks(random: Random): { family: 4 | 6; pair: number; sent: Sent[] }[] {
  const found = [];
  const family = random.pick([4, 4, 6] as const);
  let ports: [number, number] = [40_000 + random.below(3), random.pick([80, 5000])];
  let numbers: [number, number] = [random.pick(starts), random.pick(starts)];
  let at = 0;
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const talk = new Talk(random, randomWeather(random), ports, numbers, at);
    talk.run(120);
    found.push({ family, pair: 1 + random.below(2), sent: talk.seen });
    if (random.chance(50)) ports = [40_000 + random.below(3), ports[1]];
    if (random.chance(60)) numbers = [random.pick(starts), random.below(2 ** 32)];
    at = random.chance(50)
      ? (talk.seen.at(-1)?.at ?? 0) + random.pick([0, 1000, 2_000_000_000])
      : random.below(100_000_000);
  }
  return found;
}

const address = (family: 4 | 6, last: number): number[] =>
  family === 4 ? [10, 9, 0, last] : [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];

function packets(addresses: Addresses, { head }: Sent, id: number, how: Manner, random: Random): Uint8Array[] {
  const segment = tcpSegment(head);
  if (random.chance(how.fragmented)) return overlapping(addresses, segment, id, random);
  return [ipPacket(addresses, protocols.tcp, segment)];
}

export function capturedTalks(random: Random): Capture {
  const how = manner(random);
  const all = talks(random)
    .flatMap(({ family, pair, sent }) => sent.map((one) => ({ family, pair, one })))
    .sort((a, b) => a.one.at - b.one.at);
  const frames: Frame[] = [];
  for (const [id, { family, pair, one }] of all.entries()) {
    if (one.from === how.missing || id < how.late) continue;
    const ends = [address(family, pair), address(family, 9)];
    const addresses = { family, source: ends[one.from] as number[], destination: ends[1 - one.from] as number[] };
    for (const packet of packets(addresses, one, id, how, random)) {
      const plain = { etherType: family === 4 ? 0x0800 : 0x86dd, bytes: packet };
      const around = random.chance(how.wrapped) ? wrapped(packet, random) : plain;
      const bytes = framed(how.link, around.etherType, around.bytes);
      const frame = { at: one.at, bytes: bytes.slice(0, how.snapLength), wireLength: bytes.length };
      frames.push(frame);
      if (how.twoInterfaces) frames.push({ ...frame, at: frame.at + random.below(60_000) });
    }
  }
  return { link: how.link, frames };
}
