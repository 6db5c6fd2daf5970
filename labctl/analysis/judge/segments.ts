// Judges `segments`: were these segments on the wire, in this order?

import type { ExpectationOf } from '../../model/expectation.ts';
import { same, type Text } from '../../model/language.ts';
import { type EndPattern, parseSegmentPattern, type SegmentPattern } from '../../model/notation.ts';
import type { Passage, SegmentPassage } from '../../model/report.ts';
import type { Count } from '../../model/scenario-words.ts';
import { compared, counted } from './count.ts';
import {
  addressesOf,
  anywhereGap,
  captureGap,
  cutShort,
  type Evidence,
  type Finding,
  frameProof,
  isWithin,
  listed,
  traceGap,
  unknownFor,
} from './evidence.ts';
import { type Fits, findSequence } from './sequence.ts';

/** How many segments after the last one that was found are shown. */
const shownBeyond = 4;
/** A megabyte has hundreds of segments; a reader follows a few. */
const mostProofs = 100;

function patternsOf(texts: readonly string[]): SegmentPattern[] {
  return texts.flatMap((text) => {
    const parsed = parseSegmentPattern(text);
    return 'value' in parsed ? [parsed.value] : [];
  });
}

/** A test for one end of a passage: the host's name, its address on a network, the port. */
function endTest(pattern: EndPattern, evidence: Evidence) {
  const { host, network, port } = pattern;
  const addresses = host !== undefined && network !== undefined ? addressesOf(evidence, host, network) : undefined;
  return (name: string, address: string | undefined, own: number | undefined): boolean =>
    (host === undefined || name === host) &&
    (addresses === undefined || address === undefined || addresses.has(address)) &&
    (port === undefined || own === port);
}

/** A kernel's timers are as exact as its clock ticks and its measured round trip: a quarter more or less. */
const isAgain = ({ repeats }: SegmentPassage, after: number | undefined): boolean =>
  repeats !== undefined && (after === undefined || Math.abs(repeats.after - after) <= after / 4);

function test(pattern: SegmentPattern, evidence: Evidence): (passage: Passage) => boolean {
  const source = endTest(pattern.source, evidence);
  const destination = endTest(pattern.destination, evidence);
  const { flags, length, fate, after } = pattern;
  return ({ tcp, from, to, lost, packet: { ip } }) =>
    tcp !== undefined &&
    tcp.flags === flags &&
    (fate !== 'lost' || lost) &&
    (fate !== 'again' || isAgain(tcp, after)) &&
    source(from, ip?.source, tcp.header.sourcePort) &&
    destination(to, ip?.destination, tcp.header.destinationPort) &&
    (length === undefined || (length.relation === '>' ? tcp.length > length.value : tcp.length === length.value));
}

/** One segment in the notation of the scenarios, with the frame that shows it. */
function segmentText({ from, to, tcp, sent, arrived, lost }: Passage): string {
  const sighting = sent ?? arrived;
  const again = tcp?.repeats ? ` again after ${Math.round(tcp.repeats.after / 1000)}ms` : '';
  const where = sighting ? ` [${sighting.point.host} frame ${sighting.frame}]` : '';
  const length = tcp && tcp.length > 0 ? ` length ${tcp.length}` : '';
  return `${from}.${tcp?.header.sourcePort} > ${to}.${tcp?.header.destinationPort} ${tcp?.flags}${length}${again}${lost ? ' lost' : ''}${where}`;
}

/** Segments of the program's conversations, or of all, within the window. */
function poolOf({ of }: ExpectationOf<'segments'>, { found, window }: Evidence): Passage[] {
  const mine = (passage: Passage): boolean => {
    if (of === undefined) return true;
    const conversation = found.conversations[passage.tcp?.conversation ?? -1];
    return conversation?.initiator.program === of || conversation?.responder.program === of;
  };
  return found.passages.filter((passage) => passage.tcp && isWithin(window, passage.at) && mine(passage));
}

function gapFor(pattern: SegmentPattern, evidence: Evidence): Text | undefined {
  const { source, destination } = pattern;
  if (source.host === undefined) return anywhereGap(evidence);
  const gap = captureGap(evidence, source.host);
  if (gap !== undefined) return gap;
  const inside = source.network === 'loopback' || destination.host === source.host;
  const points = evidence.hosts.pointsOf(source.host);
  const hidden = inside && !points.some(({ point }) => point.interface === 'lo');
  if (!hidden) return undefined;
  return {
    en: `the loopback of ${source.host} was not recorded`,
    fr: `la boucle locale de ${source.host} n’a pas été enregistrée`,
  };
}

function blindness({ of }: ExpectationOf<'segments'>, patterns: readonly SegmentPattern[], evidence: Evidence) {
  const cut = cutShort(evidence);
  if (cut !== undefined) return cut;
  const untraced = of === undefined ? undefined : traceGap(evidence, of);
  if (untraced !== undefined) return unknownFor(untraced);
  for (const pattern of patterns) {
    const gap = gapFor(pattern, evidence);
    if (gap !== undefined) return gap;
  }
  return undefined;
}

/** What stands where the next segment was expected: what the same two hosts sent after the last one found. */
function instead(pattern: SegmentPattern | undefined, pool: readonly Passage[], path: readonly Passage[]): string[] {
  if (!pattern) return [];
  const is = (end: EndPattern, name: string): boolean => end.host === undefined || end.host === name;
  const { source, destination } = pattern;
  const about = ({ from, to }: Passage): boolean =>
    (is(source, from) && is(destination, to)) || (is(source, to) && is(destination, from));
  const last = path.at(-1)?.number ?? 0;
  return pool
    .filter((passage) => passage.number > last && about(passage))
    .slice(0, shownBeyond)
    .map(segmentText);
}

const noneAmong = (pool: readonly Passage[]): Text => ({
  en: `none among ${pool.length} segments`,
  fr: `aucun parmi ${pool.length} segments`,
});

/** `count:` asks how many segments of one kind there were; the plan lets it stand beside one pattern only. */
function countSegments(
  expectation: ExpectationOf<'segments'>,
  count: Count,
  patterns: readonly SegmentPattern[],
  { pool, fits, evidence }: { pool: readonly Passage[]; fits: Fits; evidence: Evidence },
): Finding {
  const found = (fits[0] ?? []).map((place) => pool[place] as Passage);
  const none = noneAmong(pool);
  const list = listed(found.map(segmentText), none);
  return {
    ...compared(found.length, count, blindness(expectation, patterns, evidence)),
    expected: counted(count, same(expectation.segments.join('; '))),
    seen: found.length === 0 ? none : { en: `${found.length}: ${list.en}`, fr: `${found.length} : ${list.fr}` },
    none,
    proofs: found.slice(0, mostProofs).flatMap(frameProof),
  };
}

export function judgeSegments(expectation: ExpectationOf<'segments'>, evidence: Evidence): Finding {
  const patterns = patternsOf(expectation.segments);
  const pool = poolOf(expectation, evidence);
  const fits = patterns.map((pattern) => {
    const matches = test(pattern, evidence);
    return pool.flatMap((passage, place) => (matches(passage) ? [place] : []));
  });
  if (expectation.count !== undefined)
    return countSegments(expectation, expectation.count, patterns, { pool, fits, evidence });
  const { whole, path } = findSequence(patterns, pool, fits);
  const begun = path.map(segmentText);
  const rest = whole ? [] : instead(patterns[path.length], pool, path);
  const found = listed([...begun, ...rest], { en: 'no such segment', fr: 'aucun segment de ce genre' });
  const short = !whole && rest.length === 0 && begun.length > 0;
  return {
    matched: whole,
    expected: same(expectation.segments.join('; ')),
    seen: short ? { en: `${found.en}; nothing more`, fr: `${found.fr}; rien de plus` } : found,
    none: noneAmong(pool),
    proofs: path.flatMap(frameProof),
    blind: blindness(expectation, patterns, evidence),
  };
}
