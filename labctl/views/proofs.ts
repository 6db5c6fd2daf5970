// Where a verdict's proof lies, in words: `#1-3 (client1/eth0 frames 1-3)`, `call accept`, `look “waiting”, sockets row 2`.

import type { Proof, Report } from '../model/report.ts';
import { clockText } from './format.ts';
import { frameList } from './frames.ts';
import type { Words } from './words.ts';

type Of<Kind extends Proof['kind']> = Extract<Proof, { kind: Kind }>;
const most = 4;

/** Frames of one capture point stand together, after their numbers on the ladder. */
function frameTexts(proofs: readonly Of<'frame'>[], { verdicts }: Words): string[] {
  const byPoint = new Map<string, Of<'frame'>[]>();
  for (const proof of proofs) {
    const name = `${proof.point.host}/${proof.point.interface}`;
    byPoint.set(name, [...(byPoint.get(name) ?? []), proof]);
  }
  return [...byPoint].map(([point, seen]) => {
    const list = frameList(
      seen.map(({ frame }) => frame),
      '',
    );
    const frames = seen.length === 1 ? verdicts.frame(point, list) : verdicts.frames(point, list);
    return `${frameList(seen.map(({ passage }) => passage))} (${frames})`;
  });
}

function otherText(
  proof: Exclude<Proof, { kind: 'frame' }>,
  report: Report,
  zero: number,
  { verdicts }: Words,
): string {
  if (proof.kind === 'call') return verdicts.call(proof.program, report.calls[proof.call]?.name ?? '', proof.number);
  if (proof.kind === 'row') return verdicts.row(proof.look, proof.host, proof.table, proof.row);
  return verdicts.output(proof.program, clockText(proof.at - zero));
}

/** The proofs of one verdict as texts, frames first; a long list says how many more there are. */
export function proofTexts(proofs: readonly Proof[], report: Report, zero: number, words: Words): string[] {
  const frames = proofs.filter((proof): proof is Of<'frame'> => proof.kind === 'frame');
  const others = proofs.filter((proof): proof is Exclude<Proof, { kind: 'frame' }> => proof.kind !== 'frame');
  const texts = [
    ...frameTexts(frames, words),
    ...new Set(others.map((proof) => otherText(proof, report, zero, words))),
  ];
  return texts.length <= most ? texts : [...texts.slice(0, most), words.verdicts.more(texts.length - most)];
}
