// Rules of the wire → chains of nftables' bridge family, as values, and as text for nft. Nothing here runs anything.

import { type PacketKind, splitEnd, type WirePort, type WireRule, type WireRuleOf } from '../model/wire.ts';
import { cycleOf } from '../model/wire-chosen.ts';

/** A chain; with a place in the order of rules it hooks into what bridges forward. */
export interface NftChain {
  name: string;
  order?: number;
  rules: string[];
}

/** What one rule of a scenario becomes: its chains (the first hooks), its counters, and how long it is open. */
export interface NftRule {
  rule: string;
  counters: string[];
  /** A set whose elements the kernel forgets: milliseconds. */
  window?: { name: string; ms: number };
  chains: NftChain[];
}

/** Names with a word before them: a bare one could be a word of nft's own. */
const baseChain = (rule: string): string => `rule-${rule}`;
/** Counter of what a rule dropped, and of what it was about. */
export const hitCounter = (rule: string): string => `hit-${rule}`;
export const passedCounter = (rule: string): string => `passed-${rule}`;

const matches = (end: string | undefined) => {
  const wanted = end === undefined ? undefined : splitEnd(end);
  return ({ host, network }: WirePort): boolean =>
    wanted === undefined || (host === wanted.host && (wanted.network ?? network) === network);
};

/** The ports of an end of a link. */
export const portsOf = (ports: readonly WirePort[], end: string): WirePort[] => ports.filter(matches(end));

/**
 * Frames that go from one end to the other, as matches: what comes in by one port and goes out by another of the same
 * bridge. Ports say it for ARP too, and a frame that a bridge sends everywhere counts for its receiver alone.
 */
function ways(ports: readonly WirePort[], from: string | undefined, to: string | undefined): string[] {
  const sources = ports.filter(matches(from)).map(({ network, port }) => ({ network, text: `iifname "${port}"` }));
  if (to === undefined) return sources.map(({ text }) => text);
  return ports.filter(matches(to)).flatMap(({ network, port, host }) => {
    const text = `oifname "${port}"`;
    if (from === undefined) return [text];
    const own = splitEnd(from).host === host;
    return own ? [] : sources.filter((source) => source.network === network).map((source) => `${source.text} ${text}`);
  });
}

const control = 'tcp flags & (fin | syn | rst | ack)';
/** A TCP header has 5 to 15 words of 4 bytes (RFC 9293, section 3.1). */
const headerWords = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/**
 * There is a byte behind the TCP header: nft reads it, and a packet that ends before it does not match. So IP headers may
 * have any length, with options (RFC 791) and extension headers (RFC 8200).
 */
const payload = headerWords.map((words) => `tcp doff ${words} @th,${32 * words},8 >= 0`);
/** Neighbour discovery and multicast listener reports (RFC 4861, RFC 3810) are to IPv6 what ARP is to IPv4: only a cut takes them. */
const housekeeping = ['icmpv6 type 130-137', 'icmpv6 type 143'];

/** What a packet must be, one match or another, and what it must not be: that is asked first. All of both IPv4 and IPv6. */
const meanings: Record<PacketKind, { is: readonly string[]; not?: readonly string[] }> = {
  packet: { is: ['meta protocol ip', 'meta protocol ip6'], not: housekeeping },
  syn: { is: [`${control} == syn`] },
  'syn-ack': { is: [`${control} == syn | ack`] },
  data: { is: payload },
  ack: { is: [`${control} == ack`], not: payload },
  fin: { is: ['tcp flags & fin == fin'] },
  rst: { is: ['tcp flags & rst == rst'] },
  udp: { is: ['meta l4proto udp'] },
};

/** A port belongs to a protocol: packets of any kind may be of either. */
function withPort(kind: PacketKind, port: number | undefined): readonly string[] {
  const { is } = meanings[kind];
  if (port === undefined) return is;
  const sides = (protocol: 'tcp' | 'udp') => ['sport', 'dport'].map((side) => `${protocol} ${side} ${port}`);
  if (kind === 'packet') return [...sides('tcp'), ...sides('udp')];
  return kind === 'udp' ? sides('udp') : is.flatMap((meaning) => sides('tcp').map((side) => `${side} ${meaning}`));
}

const dropped = (rule: string): string => `counter name "${hitCounter(rule)}" drop`;

function dropRule(rule: WireRuleOf<'drop'>, ports: readonly WirePort[], order: number): NftRule {
  const { rule: name, from, to, drop, port, for: ms } = rule;
  const [kind, which] = [`kind-${name}`, `which-${name}`];
  const window = ms === undefined ? undefined : { name: `open-${name}`, ms };
  const open = window ? `meta protocol @${window.name} ` : '';
  const cycle = cycleOf(rule);
  const places = cycle ? `numgen inc mod ${cycle.length} { ${cycle.places.join(', ')} } ` : '';
  return {
    rule: name,
    counters: [passedCounter(name), hitCounter(name)],
    ...(window ? { window } : {}),
    chains: [
      { name: baseChain(name), order, rules: ways(ports, from, to).map((way) => `${way} ${open}jump ${kind}`) },
      {
        name: kind,
        rules: [
          ...(meanings[drop].not ?? []).map((match) => `${match} return`),
          ...withPort(drop, port).map((match) => `${match} jump ${which}`),
        ],
      },
      { name: which, rules: [`counter name "${passedCounter(name)}"`, places + dropped(name)] },
    ],
  };
}

function cutRule({ rule, cut: [a = '', b] }: WireRuleOf<'cut'>, ports: readonly WirePort[], order: number): NftRule {
  const all = b === undefined ? [...ways(ports, a, undefined), ...ways(ports, undefined, a)] : [];
  const between = b === undefined ? [] : [...ways(ports, a, b), ...ways(ports, b, a)];
  const rules = [...all, ...between].map((way) => `${way} ${dropped(rule)}`);
  return { rule, counters: [hitCounter(rule)], chains: [{ name: baseChain(rule), order, rules }] };
}

/** The chains of a rule; undefined for one that queues carry out (rates and delays). `order`: earlier rules see first. */
export function nftRule(rule: WireRule, ports: readonly WirePort[], order: number): NftRule | undefined {
  if (rule.kind === 'drop') return dropRule(rule, ports, order);
  return rule.kind === 'cut' ? cutRule(rule, ports, order) : undefined;
}

/** nft's name for the place of packet filters on a bridge is -200 (nft(8), "priority"): ours stand there, in order. */
export const priorityOf = (order: number): number => -200 + order;

const block = (head: string, lines: readonly string[]): string[] => [
  `\t${head} {`,
  ...lines.map((line) => `\t\t${line}`),
  '\t}',
];

function chainLines({ name, order, rules }: NftChain): string[] {
  const hook = order === undefined ? [] : [`type filter hook forward priority ${priorityOf(order)}; policy accept;`];
  return block(`chain ${name}`, [...hook, ...rules]);
}

/** All link-layer protocols that a rule may be about. */
const windowed = ['ip', 'ip6'] as const;

/** What `nft -f` reads to put the rule beside what the table holds; the chains that are jumped into come first. */
export function addText(table: string, { counters, window, chains }: NftRule): string {
  const elements = windowed.map((protocol) => `${protocol} timeout ${window?.ms}ms`).join(', ');
  const lines = [
    ...counters.flatMap((counter) => block(`counter ${counter}`, [])),
    ...(window ? block(`set ${window.name}`, ['type ether_type', 'flags timeout', `elements = { ${elements} }`]) : []),
    ...[...chains].reverse().flatMap(chainLines),
  ];
  return [`table bridge ${table} {`, ...lines, '}', ''].join('\n');
}

/** What `nft -f` reads to take the rule out again. Its counters stay: they are evidence, read at the end. */
export function removeText(table: string, { window, chains }: NftRule): string {
  const names = chains.map(({ name }) => name);
  return [
    ...names.map((name) => `flush chain bridge ${table} ${name}`),
    ...names.map((name) => `delete chain bridge ${table} ${name}`),
    ...(window ? [`delete set bridge ${table} ${window.name}`] : []),
    '',
  ].join('\n');
}
