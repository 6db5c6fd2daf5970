// Where a verdict's proof lies, in words: `client1/eth0 frames 1-3`, `call accept #12`, `look “waiting”, sockets row 2`.

import type { Proof, Report } from '../model/report.ts';
import { clockText } from './format.ts';
import { frameList } from './frames.ts';
import type { Words } from './words.ts';

type Of<Kind extends Proof['kind']> = Extract<Proof, { kind: Kind }>;
const most = 4;

/** Frames of one capture point stand together. */
function frameTexts(proofs: readonly Of<'frame'>[], { verdicts }: Words): string[] {
  const byPoint = new Map<string, number[]>();
  for (const { point, frame } of proofs) {
    const name = `${point.host}/${point.interface}`;
    byPoint.set(name, [...(byPoint.get(name) ?? []), frame]);
  }
  return [...byPoint].map(([point, frames]) =>
    frames.length === 1 ? verdicts.frame(point, frames[0] ?? 0) : verdicts.frames(point, frameList(frames, '')),
  );
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
