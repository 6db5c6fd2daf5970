// What a scenario may have the network do to packets between two capture points, as schemas, and as rules that were read.

import { z } from 'zod';
import type { Place } from './lab-error.ts';
import { duration, name, port } from './scenario-words.ts';

/** Packets by what they mean, of IPv4 and IPv6. `data` is a TCP segment with payload, `ack` one that only acknowledges. */
export const packetKinds = ['packet', 'syn', 'syn-ack', 'data', 'ack', 'fin', 'rst', 'udp'] as const;
export type PacketKind = (typeof packetKinds)[number];

const end = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}(@[a-z][a-z0-9_-]*)?$/, 'an end of a link is a host, or host@network')
  .describe('A host, with all its links; or host@network, with one.');
const ends = z.union([end, z.tuple([end, end])]).transform((value) => (Array.isArray(value) ? value : [value]));
const position = z.int().min(1).max(1_000_000);
const ruleName = name.describe('A name for this rule.');

/** One schema a kind of rule; the key that names the kind is the key of this table. */
export const wireRuleSchemas = {
  drop: z.strictObject({
    rule: ruleName,
    drop: z
      .enum(packetKinds)
      .describe(
        'What gets lost: `data` is a TCP segment with payload, `ack` one that only acknowledges, `packet` anything of IP but neighbour discovery.',
      ),
    from: end.optional().describe('Only what this host sends.'),
    to: end.optional().describe('Only what goes to this host.'),
    port: port.optional().describe('Only TCP or UDP from or to this port.'),
    nth: z
      .union([position, z.array(position).min(1)])
      .transform((value) => (Array.isArray(value) ? value : [value]))
      .optional()
      .describe('Only these of them, counted from 1 as they pass; a repetition counts again.'),
    every: z.int().min(2).max(1000).optional().describe('Only every so-manieth of them: 4 loses the 4th, the 8th…'),
    random: z
      .strictObject({
        percent: z.number().min(0.1).max(100).describe('How many of a hundred.'),
        seed: z.int().min(0).max(1_000_000_000).describe('The same number loses the same packets.'),
      })
      .optional()
      .describe('Only a random share of them.'),
    for: duration.optional().describe('Only so long from now on.'),
  }),
  cut: z.strictObject({
    cut: ends.describe('A host whose links are cut, or two hosts between which nothing passes: not even ARP.'),
    rule: ruleName.optional(),
  }),
  rate: z.strictObject({
    rule: ruleName,
    rate: z
      .string()
      .regex(/^[1-9]\d{0,3}(kbit|mbit)$/, 'a rate is a number with kbit or mbit, such as 500kbit')
      .describe('What passes in a second: `500kbit`, `2mbit`.'),
    to: end.describe('The host whose link is that slow, in its direction.'),
    queue: duration
      .optional()
      .describe('How long a packet may wait in the queue before it is dropped; 200ms unless told.'),
  }),
  delay: z.strictObject({
    rule: ruleName,
    delay: duration.describe('How long each packet is under way. Needs a kernel with netem.'),
    jitter: duration.optional().describe('By how much that differs from packet to packet.'),
    reorder: z
      .number()
      .min(0.1)
      .max(100)
      .optional()
      .describe('Per cent of the packets that are not delayed, and overtake.'),
    to: end.describe('The host towards which packets are delayed.'),
  }),
} as const;

/** What a step may say: a rule from now on, or the end of one. */
export const wireChangeSchemas = {
  ...wireRuleSchemas,
  heal: z.strictObject({ heal: ends.describe('What was cut, in the same words.') }),
  remove: z.strictObject({ remove: name.describe('The name of a rule.') }),
} as const;

type Schemas = typeof wireChangeSchemas;
export type WireKind = keyof typeof wireRuleSchemas;
type Read<Kind extends keyof Schemas> = { kind: Kind; place: Place } & z.output<Schemas[Kind]>;

export type WireRuleOf<Kind extends WireKind> = Read<Kind> & { rule: string };
export type WireRule = { [Kind in WireKind]: WireRuleOf<Kind> }[WireKind];
/** `heal` is read as the removal of what was cut. */
export type WireChange = WireRule | { kind: 'remove'; place: Place; remove: string };

/** The name of a cut that was given none. */
export const cutName = (cut: readonly string[]): string => `cut-${[...cut].sort().join('-').replaceAll('@', '-')}`;

/** Which of the packets that a drop rule is about it drops; all of them when it says nothing. */
export type Chosen = Pick<WireRuleOf<'drop'>, 'nth' | 'every' | 'random'>;

/** An end of a link: `client3@lab`. */
export function splitEnd(text: string): { host: string; network?: string } {
  const [host = '', network] = text.split('@');
  return network === undefined ? { host } : { host, network };
}

/** The port of a bridge that a host's cable is plugged into, in the place where rules hold. */
export interface WirePort {
  host: string;
  network: string;
  /** Name of the interface. */
  port: string;
}

/** What became of one rule of a run, by its counters in the kernel. */
export interface WireCount {
  rule: string;
  /** Packets that the rule was about. */
  passed: number;
  /** Packets that it dropped; for rates and delays those that went through. */
  hit: number;
}

/** Rules that took no packet: a run with one shows nothing of what the rule was there for. */
export const idleRules = (counts: readonly WireCount[] = []): WireCount[] => counts.filter(({ hit }) => hit === 0);
