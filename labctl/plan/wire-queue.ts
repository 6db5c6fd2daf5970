// Rules of the wire that queues carry out: what tc(8) is told, what it must answer, and what it counted.

import type { WireCount, WirePort, WireRule, WireRuleOf } from '../model/wire.ts';
import { portsOf } from './wire-nft.ts';

type QueueRule = WireRuleOf<'rate'> | WireRuleOf<'delay'>;
export const isQueue = (rule: WireRule): rule is QueueRule => rule.kind === 'rate' || rule.kind === 'delay';

/** A queue at a bridge's port, where frames leave towards the host: its kind and its words for tc. */
export interface Queue {
  rule: string;
  port: string;
  kind: 'tbf' | 'netem';
  words: string[];
  /** What tc must show of it: bytes a second; seconds; shares of 1. */
  meant: { rate: number } | { delay: number; jitter: number; reorder: number };
}

/** Bits a second. */
function bitsOf(rate: string): number {
  const [, number = '0', unit = 'kbit'] = /^(\d+)(kbit|mbit)$/.exec(rate) ?? [];
  return Number(number) * (unit === 'mbit' ? 1_000_000 : 1000);
}

/** Two full frames; or what flows in 10 ms, the longest tick of a kernel's clock, where that is more (tc-tbf(8)). */
const burstOf = (bits: number): number => Math.max(2 * 1514, Math.ceil(bits / 8 / 100));

function wordsOf(rule: QueueRule): Pick<Queue, 'kind' | 'words' | 'meant'> {
  if (rule.kind === 'rate') {
    const bits = bitsOf(rule.rate);
    const words = ['rate', `${bits}bit`, 'burst', String(burstOf(bits)), 'latency', `${rule.queue ?? 200}ms`];
    return { kind: 'tbf', words, meant: { rate: bits / 8 } };
  }
  const { delay, jitter, reorder } = rule;
  const meant = { delay: delay / 1000, jitter: (jitter ?? 0) / 1000, reorder: (reorder ?? 0) / 100 };
  const jitterWords = jitter === undefined ? [] : [`${jitter}ms`];
  const reorderWords = reorder === undefined ? [] : ['reorder', `${reorder}%`];
  return { kind: 'netem', words: ['delay', `${delay}ms`, ...jitterWords, ...reorderWords], meant };
}

/** One queue for each port towards the rule's host. */
export const queuesOf = (rule: QueueRule, ports: readonly WirePort[]): Queue[] =>
  portsOf(ports, rule.to).map(({ port }) => ({ rule: rule.rule, port, ...wordsOf(rule) }));

export const layWords = ({ port, kind, words }: Queue): string[] => [
  ...['tc', 'qdisc', 'replace', 'dev', port, 'root', kind],
  ...words,
];
export const liftWords = ({ port }: Queue): string[] => ['tc', 'qdisc', 'del', 'dev', port, 'root'];
export const showWords = ({ port }: Queue): string[] => ['tc', '-s', '-j', 'qdisc', 'show', 'dev', port];

interface Row {
  kind: string;
  root?: boolean;
  packets?: number;
  drops?: number;
  options?: { rate?: number; delay?: { delay?: number; jitter?: number }; reorder?: { reorder?: number } };
}

const rootOf = (listing: string): Row | undefined => (JSON.parse(listing) as Row[]).find(({ root }) => root === true);

/** What differs between the queue and what stands there; undefined when nothing does. Throws SyntaxError. */
export function queueDifference(queue: Queue, listing: string): string | undefined {
  const row = rootOf(listing);
  if (row?.kind !== queue.kind) return `meant: ${queue.kind} at ${queue.port}; there is: ${row?.kind ?? 'nothing'}`;
  const { rate = 0, delay, reorder } = row.options ?? {};
  const shown = { rate, delay: delay?.delay ?? 0, jitter: delay?.jitter ?? 0, reorder: reorder?.reorder ?? 0 };
  const wrong = Object.entries(queue.meant).find(([key, value]) => !isNear(value, shown[key as keyof typeof shown]));
  if (wrong === undefined) return undefined;
  const [key, value] = wrong;
  return `meant: ${key} ${value} at ${queue.port}; there is: ${shown[key as keyof typeof shown]}`;
}

/** Kernels count time in ticks, and shares in 2^32 parts. */
const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 0.001 * Math.max(a, b);

/** What went through the queue. Throws SyntaxError. */
export function queueCount({ rule }: Queue, listing: string): WireCount {
  const { packets = 0, drops = 0 } = rootOf(listing) ?? { kind: '' };
  return { rule, hit: packets, passed: packets + drops };
}
