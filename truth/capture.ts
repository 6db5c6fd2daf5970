// A random capture: some conversations mixed, under one link, with fragments, quotes and cuts; as the bytes of a file.

import {
  type Addresses,
  concat,
  fragments,
  framed,
  icmpError,
  ipPacket,
  type LinkName,
  linkNames,
  linkTypeOf,
  protocols,
  tcpSegment,
} from './frames.ts';
import { Random } from './random.ts';
import { type Conversation, newConversation, nextSegment } from './traffic.ts';
import { wrapped } from './wrapping.ts';

export interface Frame {
  /** Nanoseconds since the capture's first second. */
  at: number;
  bytes: Uint8Array;
  wireLength: number;
}

export interface Recipe {
  seed: number;
  frames: number;
  /** Percent of the frames that get a random byte somewhere in their headers. */
  mutated?: number;
  /** Percent of the captures' packets that may lie in tunnels, behind options and extension headers. */
  wrapped?: number;
}

/** Around the limits of the rules: 3 ms, 20 ms, and the initial RTT of a fast and a slow path. */
const steps = [
  0, 1000, 10_000, 100_000, 1_000_000, 2_999_000, 3_000_000, 3_001_000, 10_000_000, 19_999_000, 20_000_000,
];
const rareSteps = [200_000_000, 1_000_000_000, 75_000_000_000, -1_000_000, -50_000_000];

interface Talk {
  addresses: Addresses;
  conversation: Conversation;
}

const v4 = (last: number): number[] => [192, 0, 2, last];
const v6 = (last: number): number[] => [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];

function newTalk(random: Random): Talk {
  const family = random.pick([4, 4, 6] as const);
  const address = family === 4 ? v4 : v6;
  const [one, other] = [1 + random.below(3), 1 + random.below(3)];
  const ports = [1000, 1001, 2000];
  const conversation = newConversation(random, random.pick(ports), random.pick(ports));
  return { addresses: { family, source: address(one), destination: address(other) }, conversation };
}

const backwards = ({ family, source, destination }: Addresses): Addresses => ({
  family,
  source: destination,
  destination: source,
});

class Maker {
  readonly random: Random;
  readonly link: LinkName;
  readonly frames: Frame[] = [];
  readonly #talks: Talk[];
  readonly #mutated: number;
  readonly #wrapped: number;
  readonly #calm: boolean;
  #at = 0;
  #id = 1;

  constructor({ seed, mutated = 0, wrapped: around = 0 }: Recipe) {
    this.random = new Random(seed);
    this.link = this.random.pick(linkNames);
    this.#talks = Array.from({ length: 1 + this.random.below(4) }, () => newTalk(this.random));
    this.#mutated = mutated;
    this.#wrapped = around;
    this.#calm = this.random.chance(50);
  }

  add(): void {
    const { random } = this;
    const talk = random.pick(this.#talks);
    const { from, head } = nextSegment(talk.conversation, random);
    const addresses = from === 0 ? talk.addresses : backwards(talk.addresses);
    this.#at = Math.max(0, this.#at + random.pick(random.chance(95) ? steps : rareSteps));
    const segment = tcpSegment(head);
    const whole = ipPacket(addresses, protocols.tcp, segment);
    if (!this.#calm && random.chance(2)) this.#addFragments(addresses, segment);
    else this.#push(addresses, whole);
    if (!this.#calm && random.chance(3))
      this.#push(backwards(addresses), icmpError(addresses, whole, random.pick([28, 36, 40, 60, 2000])));
    if (random.chance(1)) this.#talks[random.below(this.#talks.length)] = newTalk(random);
  }

  #addFragments(addresses: Addresses, segment: Uint8Array): void {
    const { random } = this;
    const pieces = fragments(addresses, segment, this.#id++, random.pick([8, 24, 256]));
    if (random.chance(30)) pieces.reverse();
    if (random.chance(20)) pieces.splice(random.below(pieces.length), 1);
    if (random.chance(20)) pieces.push(random.pick(pieces.length > 0 ? pieces : [segment]));
    for (const piece of pieces.slice(0, 200)) this.#push(addresses, piece);
  }

  #push({ family }: Addresses, packet: Uint8Array): void {
    const { random } = this;
    const plain = { etherType: family === 4 ? 0x0800 : 0x86dd, bytes: packet };
    const around = random.chance(this.#wrapped) ? wrapped(packet, random) : plain;
    const bytes = framed(this.link, around.etherType, around.bytes);
    const cut = !this.#calm && random.chance(1) ? 14 + random.below(bytes.length) : bytes.length;
    const kept = bytes.slice(0, cut);
    if (random.chance(this.#mutated)) kept[random.below(Math.min(kept.length, 90))] = random.below(256);
    this.frames.push({ at: this.#at, bytes: kept, wireLength: bytes.length });
  }
}

export interface Capture {
  link: LinkName;
  frames: Frame[];
}

export function randomCapture(recipe: Recipe): Capture {
  const maker = new Maker(recipe);
  while (maker.frames.length < recipe.frames) maker.add();
  return { link: maker.link, frames: maker.frames };
}

/** The capture as a pcap file of either byte order and resolution. */
export function pcapBytes({ link, frames }: Capture, nanoseconds: boolean, little: boolean): Uint8Array {
  const word = (value: number): number[] => {
    const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    return little ? bytes.reverse() : bytes;
  };
  const short = (value: number): number[] => word(value).slice(little ? 0 : 2, little ? 2 : 4);
  const head = [...word(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4), ...short(2), ...short(4), ...word(0), ...word(0)];
  const parts = frames.flatMap(({ at, bytes, wireLength }) => {
    const fraction = nanoseconds ? at % 1e9 : Math.floor((at % 1e9) / 1000);
    const seconds = 1_700_000_000 + Math.floor(at / 1e9);
    return [[...word(seconds), ...word(fraction), ...word(bytes.length), ...word(wireLength)], bytes];
  });
  return concat([...head, ...word(262_144), ...word(linkTypeOf(link))], ...parts);
}
