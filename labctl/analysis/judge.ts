// Judges every expectation of a scenario; that nothing was seen counts only where it would have been seen.

import type { Expectation, ExpectationKind, ExpectationOf } from '../model/expectation.ts';
import { type Language, same, type Text } from '../model/language.ts';
import type { Report, Verdict, VerdictWord } from '../model/report.ts';
import { idleRules } from '../model/wire.ts';
import type { Hosts } from './hosts.ts';
import { judgeCalls } from './judge/calls.ts';
import { judgeCounter } from './judge/counter.ts';
import { type Finding, type Findings, type Judge, windowOf } from './judge/evidence.ts';
import { judgeOutput } from './judge/output.ts';
import { judgePackets } from './judge/packets.ts';
import { judgePorts } from './judge/ports.ts';
import { judgeQueue } from './judge/queue.ts';
import { judgeReturned } from './judge/returned.ts';
import { judgeProcesses, judgeSockets } from './judge/rows.ts';
import { judgeStates } from './judge/states.ts';
import { judgeDropped } from './judge/wire.ts';

const judges: { [Kind in ExpectationKind]: Judge<ExpectationOf<Kind>> } = {
  segments: judgePackets,
  packets: judgePackets,
  calls: judgeCalls,
  ports: judgePorts,
  sockets: judgeSockets,
  processes: judgeProcesses,
  output: judgeOutput,
  states: judgeStates,
  queue: judgeQueue,
  returned: judgeReturned,
  dropped: judgeDropped,
  counter: judgeCounter,
};

/** `scenarios/refused.yml:9`: the last folder says enough, and reads the same on every machine. */
function placeOf({ place: { file, line } }: Expectation): string {
  return `${file.split('/').slice(-2).join('/')}:${line}`;
}

function word({ matched, blind }: Finding, absent: boolean): VerdictWord {
  if (matched) return absent ? 'unmet' : 'met';
  if (blind !== undefined) return 'not-observable';
  return absent ? 'met' : 'unmet';
}

const words = {
  en: { absent: 'absent: ', after: 'after', before: 'before' },
  fr: { absent: 'absent : ', after: 'après', before: 'avant' },
};

function expectedText({ after, before, absent }: Expectation, expected: Text): Text {
  const inLanguage = (language: Language): string => {
    const own = words[language];
    const bounds = [after && ` ${own.after} ${after}`, before && ` ${own.before} ${before}`];
    return [absent && own.absent, expected[language], ...bounds].filter(Boolean).join('');
  };
  return { en: inLanguage('en'), fr: inLanguage('fr') };
}

/** What decides: why nothing can be told, among what nothing was found, or what was there. */
function seenText({ blind, none, seen }: Finding, verdict: VerdictWord, absent: boolean): Text {
  if (verdict === 'not-observable') return blind ?? same('');
  return verdict === 'met' && absent ? (none ?? seen) : seen;
}

const neverBegan = (step: string): Text => ({
  en: `step "${step}" never began`,
  fr: `l’étape « ${step} » n’a jamais commencé`,
});

function verdictOf(expectation: Expectation, found: Findings, hosts: Hosts): Verdict {
  const judgeOf = judges[expectation.kind] as Judge<Expectation>;
  const window = windowOf(expectation, found);
  const missing = 'missing' in window ? neverBegan(window.missing) : undefined;
  const bounds = 'missing' in window ? { from: -Infinity, until: -Infinity } : window;
  const finding = { ...judgeOf(expectation, { found, hosts, window: bounds }), ...(missing ? { blind: missing } : {}) };
  const matched = finding.matched && missing === undefined;
  const verdict = word({ ...finding, matched }, expectation.absent ?? false);
  return {
    expectation,
    at: placeOf(expectation),
    verdict,
    expected: expectedText(expectation, finding.expected),
    seen: seenText(finding, verdict, expectation.absent ?? false),
    proofs: verdict === 'not-observable' ? [] : finding.proofs,
  };
}

/**
 * Verdicts in the order of the file, and the whole: unmet if one is, else not observable if one is, else met. Where a
 * rule of the wire met no packet, what the scenario is about never happened, whatever else was seen.
 */
export function judge(found: Findings, hosts: Hosts): Pick<Report, 'verdicts' | 'verdict'> {
  const verdicts = found.scenario.expect.map((expectation) => verdictOf(expectation, found, hosts));
  const all = new Set(verdicts.map(({ verdict }) => verdict));
  if (idleRules(found.run.wire).length > 0) return { verdicts, verdict: 'not-observable' };
  const verdict = all.has('unmet') ? 'unmet' : all.has('not-observable') ? 'not-observable' : 'met';
  return { verdicts, verdict };
}
