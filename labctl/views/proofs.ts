// Where a verdict's proof lies, in words: `#1-3 (client1/eth0 frames 1-3)`, `call 12 of server (accept)`, `look “waiting”, sockets row 2`.

import type { Proof, Report } from '../model/report.ts';
import { clockText } from './format.ts';
import { frameList } from './frames.ts';
import type { Words } from './words.ts';

type Of<Kind extends Proof['kind']> = Extract<Proof, { kind: Kind }>;
const most = 4;

/** Frames of one capture point stand together, after their numbers on the ladder. */
function frameTexts(proofs: readonly Of<'frame'>[], { verdicts }: Words): string[] {
  return grouped(proofs, ({ point }) => `${point.host}/${point.interface}`).map((seen) => {
    const point = seen
      .slice(0, 1)
      .map((proof) => `${proof.point.host}/${proof.point.interface}`)
      .join('');
    const list = frameList(
      seen.map(({ frame }) => frame),
      '',
    );
    const frames = seen.length === 1 ? verdicts.frame(point, list) : verdicts.frames(point, list);
    return `${frameList(seen.map(({ passage }) => passage))} (${frames})`;
  });
}

/** The values under the key that each one has, in the order of their first. */
function grouped<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return [...groups.values()];
}

const callTexts = (proofs: readonly Of<'call'>[], report: Report, { verdicts }: Words): string[] =>
  grouped(proofs, ({ program }) => program).map(([first, ...more]) => {
    const list = frameList(
      [first, ...more].map((proof) => proof?.number ?? 0),
      '',
    );
    const program = first?.program ?? '';
    if (more.length > 0) return verdicts.calls(program, list);
    return verdicts.call(program, report.calls[first?.call ?? -1]?.name ?? '', list);
  });

const rowTexts = (proofs: readonly Of<'row'>[], { verdicts }: Words): string[] =>
  grouped(proofs, ({ look, host, table }) => `${look} ${host} ${table}`).flatMap((rows) => {
    const list = frameList(
      rows.map(({ row }) => row),
      '',
    );
    return rows.slice(0, 1).map(({ look, host, table }) => verdicts.rows(look, host, table, list));
  });

const outputTexts = (proofs: readonly Of<'output'>[], zero: number, { verdicts }: Words): string[] =>
  proofs.map(({ program, at }) => verdicts.output(program, clockText(at - zero)));

/** The proofs of one verdict as texts, frames first; a long list says how many more there are. */
export function proofTexts(proofs: readonly Proof[], report: Report, zero: number, words: Words): string[] {
  const of = <Kind extends Proof['kind']>(kind: Kind): Of<Kind>[] =>
    proofs.filter((proof): proof is Of<Kind> => proof.kind === kind);
  const texts = [
    ...frameTexts(of('frame'), words),
    ...callTexts(of('call'), report, words),
    ...rowTexts(of('row'), words),
    ...outputTexts(of('output'), zero, words),
  ];
  return texts.length <= most ? texts : [...texts.slice(0, most), words.verdicts.more(texts.length - most)];
}
