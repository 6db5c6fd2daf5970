// Judges every expectation of a scenario; that nothing was seen counts only where it would have been seen.

import type { Report, Verdict, VerdictWord } from '../model/report.ts';
import type { Expectation, ExpectationKind, ExpectationOf } from '../model/scenario.ts';
import type { Hosts } from './hosts.ts';
import { judgeCalls } from './judge/calls.ts';
import { type Finding, type Findings, type Judge, windowOf } from './judge/evidence.ts';
import { judgeOutput } from './judge/output.ts';
import { judgePorts } from './judge/ports.ts';
import { judgeProcesses, judgeSockets } from './judge/rows.ts';
import { judgeSegments } from './judge/segments.ts';

const judges: { [Kind in ExpectationKind]: Judge<ExpectationOf<Kind>> } = {
  segments: judgeSegments,
  calls: judgeCalls,
  ports: judgePorts,
  sockets: judgeSockets,
  processes: judgeProcesses,
  output: judgeOutput,
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

function expectedText({ after, before, absent }: Expectation, expected: string): string {
  const bounds = [after === undefined ? '' : ` after ${after}`, before === undefined ? '' : ` before ${before}`].join(
    '',
  );
  return `${absent ? 'absent: ' : ''}${expected}${bounds}`;
}

function verdictOf(expectation: Expectation, found: Findings, hosts: Hosts): Verdict {
  const judgeOf = judges[expectation.kind] as Judge<Expectation>;
  const window = windowOf(expectation, found);
  const missing = 'missing' in window ? `step "${window.missing}" never began` : undefined;
  const bounds = 'missing' in window ? { from: -Infinity, until: -Infinity } : window;
  const finding = { ...judgeOf(expectation, { found, hosts, window: bounds }), ...(missing ? { blind: missing } : {}) };
  const matched = finding.matched && missing === undefined;
  const verdict = word({ ...finding, matched }, expectation.absent ?? false);
  return {
    expectation,
    at: placeOf(expectation),
    verdict,
    expected: expectedText(expectation, finding.expected),
    seen: verdict === 'not-observable' ? (finding.blind ?? '') : finding.seen,
    proofs: verdict === 'not-observable' ? [] : finding.proofs,
  };
}

/** Verdicts in the order of the file, and the whole: unmet if one is, else not observable if one is, else met. */
export function judge(found: Findings, hosts: Hosts): Pick<Report, 'verdicts' | 'verdict'> {
  const verdicts = found.scenario.expect.map((expectation) => verdictOf(expectation, found, hosts));
  const words = new Set(verdicts.map(({ verdict }) => verdict));
  const verdict = words.has('unmet') ? 'unmet' : words.has('not-observable') ? 'not-observable' : 'met';
  return { verdicts, verdict };
}
