// A judged run as the points of a test report: first whether it went as planned, then each expectation.

import type { Checked } from '../../model/checked.ts';
import type { Language, Text } from '../../model/language.ts';
import type { Report, Verdict, VerdictWord } from '../../model/report.ts';
import { idleRules } from '../../model/wire.ts';

export interface Point {
  id: string;
  say: string;
  verdict: VerdictWord;
  /** Where it stands in the scenario. */
  at?: string;
  expected?: string;
  seen?: string;
  /** Where the proof lies: `client1/eth0 frame 3`. */
  proofs: string[];
}

export interface Points {
  scenario: string;
  verdict: VerdictWord;
  /** From the first step to the end of the recording. */
  seconds: number;
  points: Point[];
}

/** Where a proof lies, in a few words that need no ladder. */
export const proofsText = ({ proofs }: Verdict): string[] =>
  proofs.map((proof) => {
    if (proof.kind === 'frame') return `${proof.point.host}/${proof.point.interface} frame ${proof.frame}`;
    if (proof.kind === 'call') return `${proof.program} call ${proof.number}`;
    if (proof.kind === 'row') return `look "${proof.look}" at ${proof.host}, ${proof.table} row ${proof.row}`;
    return `output of ${proof.program}`;
  });

const pointOf = (verdict: Verdict, language: Language): Point => ({
  id: verdict.expectation.id,
  say: verdict.expectation.say[language].trim(),
  verdict: verdict.verdict,
  at: verdict.at,
  expected: verdict.expected[language],
  seen: verdict.seen[language],
  proofs: proofsText(verdict),
});

const asPlanned: Text = {
  en: 'The run went as planned: every step came true, and every rule of the wire met a packet.',
  fr: 'L’exécution s’est passée comme prévu : chaque étape a réussi, et chaque règle du réseau a vu un paquet.',
};

const ended: Text = { en: 'the run ended early', fr: 'l’exécution s’est arrêtée tôt' };
const idle = (rules: readonly string[]): Text => ({
  en: `no packet for ${rules.join(', ')}`,
  fr: `aucun paquet pour ${rules.join(', ')}`,
});

function runPoint({ run, events }: Report, language: Language): Point {
  const point = { id: 'run', say: asPlanned[language], proofs: [] };
  const failed = events.find((event) => event.kind === 'step-failed');
  if (failed?.kind === 'step-failed')
    return { ...point, verdict: 'unmet', expected: failed.awaited, seen: failed.seen };
  if (run.outcome !== 'complete')
    return { ...point, verdict: 'not-observable', seen: `${ended[language]} (${run.outcome})` };
  const rules = idleRules(run.wire).map(({ rule }) => rule);
  if (rules.length === 0) return { ...point, verdict: 'met' };
  return { ...point, verdict: 'not-observable', seen: idle(rules)[language] };
}

/** The points of a run; a step that failed makes the whole unmet. */
export function pointsOfRun(report: Report, language: Language): Points {
  const { run, scenario, verdicts, verdict } = report;
  const first = runPoint(report, language);
  return {
    scenario: scenario.name,
    verdict: first.verdict === 'unmet' ? 'unmet' : verdict,
    seconds: Math.max(0, run.ended - run.started) / 1_000_000,
    points: [first, ...verdicts.map((one) => pointOf(one, language))],
  };
}

const works: Text = {
  en: 'The program could be built and started, and went through the scenario.',
  fr: 'Le programme a pu être compilé et lancé, et a passé le scénario.',
};

/** The points of a student's program: whether it could take part at all, then what it was judged by. */
export function pointsOfCheck(checked: Checked, language: Language): Points {
  const { scenario, verdict, reason, expectations } = checked;
  const points = expectations.map((one) => pointOf(one, language));
  const told = points.some((point) => point.verdict !== 'met') || verdict === 'met';
  const first: Point = {
    id: 'program',
    say: works[language],
    verdict: told ? 'met' : verdict,
    ...(told ? {} : { seen: reason.text[language] }),
    proofs: [],
  };
  return { scenario, verdict, seconds: 0, points: [first, ...points] };
}
