// Judges `segments` and `packets`: were these on the wire, in this order, or so many of them?

import type { ExpectationOf } from '../../model/expectation.ts';
import { same, type Text } from '../../model/language.ts';
import type { EndPattern } from '../../model/notation.ts';
import { type PacketPattern, parsePacketPattern } from '../../model/packet-pattern.ts';
import type { Passage } from '../../model/report.ts';
import type { Count } from '../../model/scenario-words.ts';
import { compared, counted } from './count.ts';
import {
  anywhereGap,
  captureGap,
  cutShort,
  type Evidence,
  type Finding,
  frameProof,
  listed,
  traceGap,
  unknownFor,
} from './evidence.ts';
import { packetPool } from './packet-pool.ts';
import { type Names, packetTest } from './packet-test.ts';
import { packetText } from './packet-text.ts';
import { type Fits, findSequence } from './sequence.ts';
import { tcpNames } from './tcp-names.ts';

type AboutPackets = ExpectationOf<'segments'> | ExpectationOf<'packets'>;

/** How many packets after the last one that was found are shown. */
const shownBeyond = 4;
/** A megabyte has hundreds of segments; a reader follows a few. */
const mostProofs = 100;

const linesOf = (expectation: AboutPackets): string[] =>
  expectation.kind === 'segments' ? expectation.segments : expectation.packets;

function patternsOf(lines: readonly string[]): PacketPattern[] {
  return lines.flatMap((text) => {
    const parsed = parsePacketPattern(text);
    return 'value' in parsed ? [parsed.value] : [];
  });
}

function gapFor(pattern: PacketPattern, evidence: Evidence): Text | undefined {
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

function blindness({ of }: AboutPackets, patterns: readonly PacketPattern[], evidence: Evidence): Text | undefined {
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

/** What stands where the next packet was expected: what the same two hosts sent after the last one found. */
function instead(pattern: PacketPattern | undefined, pool: readonly Passage[], path: readonly Passage[]): Passage[] {
  if (!pattern) return [];
  const is = (end: EndPattern, name: string): boolean => end.host === undefined || end.host === name;
  const { source, destination } = pattern;
  const about = ({ from, to }: Passage): boolean =>
    (is(source, from) && is(destination, to)) || (is(source, to) && is(destination, from));
  const last = path.at(-1)?.number ?? 0;
  return pool.filter((passage) => passage.number > last && about(passage)).slice(0, shownBeyond);
}

const words = {
  segments: { en: 'segment', fr: 'segment' },
  packets: { en: 'packet', fr: 'paquet' },
};

const noneAmong = ({ kind }: AboutPackets, pool: readonly Passage[]): Text => ({
  en: `none among ${pool.length} ${words[kind].en}s`,
  fr: `aucun parmi ${pool.length} ${words[kind].fr}s`,
});

interface Searched {
  patterns: readonly PacketPattern[];
  pool: readonly Passage[];
  fits: Fits;
  names: Names;
}

/** `count:` asks how many of one kind there were; the plan lets it stand beside one pattern only. */
function countPackets(expectation: AboutPackets, count: Count, searched: Searched, evidence: Evidence): Finding {
  const { patterns, pool, fits, names } = searched;
  const found = (fits[0] ?? []).map((place) => pool[place] as Passage);
  const none = noneAmong(expectation, pool);
  const list = listed(
    found.map((passage) => packetText(passage, names)),
    none,
  );
  return {
    ...compared(found.length, count, blindness(expectation, patterns, evidence)),
    expected: counted(count, same(linesOf(expectation).join('; '))),
    seen: found.length === 0 ? none : { en: `${found.length}: ${list.en}`, fr: `${found.length} : ${list.fr}` },
    none,
    proofs: found.slice(0, mostProofs).flatMap(frameProof),
  };
}

/** The packets that were found, then what came instead; each with the time since the one before where times are asked for. */
function seenText(expectation: AboutPackets, path: readonly Passage[], { patterns, pool, names }: Searched): Text {
  const timed = patterns.some(({ since }) => since !== undefined);
  const last = path.at(-1);
  const begun = path.map((passage, index) => packetText(passage, names, timed ? path[index - 1] : undefined));
  const whole = path.length === patterns.length;
  const rest = whole ? [] : instead(patterns[path.length], pool, path);
  const found = listed([...begun, ...rest.map((passage) => packetText(passage, names, timed ? last : undefined))], {
    en: `no such ${words[expectation.kind].en}`,
    fr: `aucun ${words[expectation.kind].fr} de ce genre`,
  });
  const short = !whole && rest.length === 0 && begun.length > 0;
  return short ? { en: `${found.en}; nothing more`, fr: `${found.fr}; rien de plus` } : found;
}

export function judgePackets(expectation: AboutPackets, evidence: Evidence): Finding {
  const patterns = patternsOf(linesOf(expectation));
  const pool = packetPool(expectation.of, expectation.kind === 'segments', evidence);
  const named = patterns.some((pattern) => pattern.protocol === 'tcp' && pattern.names !== undefined);
  const names: Names = named ? tcpNames(evidence.found.passages) : new Map();
  const fits = patterns.map((pattern) => {
    const matches = packetTest(pattern, evidence, names);
    return pool.flatMap((passage, place) => (matches(passage) ? [place] : []));
  });
  const searched: Searched = { patterns, pool, fits, names };
  if (expectation.count !== undefined) return countPackets(expectation, expectation.count, searched, evidence);
  const { whole, path } = findSequence(patterns, pool, fits);
  return {
    matched: whole,
    expected: same(linesOf(expectation).join('; ')),
    seen: seenText(expectation, path, searched),
    none: noneAmong(expectation, pool),
    proofs: path.slice(0, mostProofs).flatMap(frameProof),
    blind: blindness(expectation, patterns, evidence),
  };
}
