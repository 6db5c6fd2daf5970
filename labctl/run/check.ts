// A student's programs in a scenario, from what was handed in to a verdict with its reason.

import { analyse } from '../analysis/analyse.ts';
import { faultsOf } from '../analysis/faults/faults.ts';
import { explainCaptures } from '../folder/explain-captures.ts';
import { readRun } from '../folder/read-run.ts';
import type { Checked, Fault, Reason } from '../model/checked.ts';
import { LabError } from '../model/lab-error.ts';
import { type Language, same, type Text } from '../model/language.ts';
import { type OwnProgram, type OwnPrograms, type Role, roles } from '../model/own-program.ts';
import type { Report, Verdict } from '../model/report.ts';
import type { Scenario, StepOf } from '../model/scenario.ts';
import { type OwnOptions, withOwnPrograms } from '../plan/own-program.ts';
import { freePorts, installProgram } from './own-program.ts';
import { type RunOptions, runScenario } from './run.ts';
import type { Submission } from './submission.ts';
import { type Tuning, tuneHosts } from './sysctls.ts';

/** What stands in for a role: files to build, or a command line of what the host has. */
export type Handed = { submission: Submission } | { program: OwnProgram };
export type AllHanded = Partial<Record<Role, Handed>>;

export interface Prepared {
  /** Absent when a program could not be built; the run gets both. */
  ready?: { scenario: Scenario; tuning: Tuning };
  why?: Text;
  /** The compilers' own words. */
  messages: string;
}

type Circumstances = Pick<RunOptions, 'engine' | 'lab' | 'scenario' | 'signal'>;

/**
 * Copies and builds all that was handed in, and puts it into the scenario. Hosts whose settings the scenario names are
 * made anew before, not at the run's start: nothing would be left of a program that was put there. The run makes them as
 * they were. Throws LabError `engine` when a host fails.
 */
export async function prepareOwn(circumstances: Circumstances, handed: AllHanded, own: OwnOptions): Promise<Prepared> {
  const { engine, lab, scenario } = circumstances;
  const tuning = await tuneHosts(engine, lab, scenario);
  try {
    const { scenario: installed, ...rest } = await installAll(circumstances, handed, own);
    if (installed) return { ready: { scenario: installed, tuning }, ...rest };
    await tuning.restore();
    return rest;
  } catch (error) {
    await tuning.restore();
    throw error;
  }
}

async function installAll(
  circumstances: Circumstances,
  handed: AllHanded,
  own: OwnOptions,
): Promise<Omit<Prepared, 'ready'> & { scenario?: Scenario }> {
  const { scenario } = circumstances;
  const programs: OwnPrograms = {};
  const messages: string[] = [];
  for (const role of roles) {
    const one = handed[role];
    if (one === undefined) continue;
    const hosts = hostsOf(scenario, role);
    if (role === 'server') await freePorts(circumstances.engine, circumstances.lab.name, hosts);
    if ('program' in one) {
      programs[role] = one.program;
      continue;
    }
    const { engine, lab, signal } = circumstances;
    const where = { engine, lab: lab.name, hosts, role, ...(signal ? { signal } : {}) };
    const built = await installProgram(one.submission, where);
    messages.push(built.messages);
    if (built.program === undefined) return { why: built.why, messages: messages.join('') };
    programs[role] = built.program;
  }
  return { scenario: withOwnPrograms(scenario, programs, own), messages: messages.join('') };
}

/** Where the role is played. */
function hostsOf({ steps }: Scenario, role: Role): string[] {
  const starts = steps.filter((step): step is StepOf<'start'> => step.verb === 'start' && step.role === role);
  return [...new Set(starts.map(({ on }) => on))];
}

/** A server's calls are not evidence for its verdict, and a hostile one would fill the log with them. */
const untraced = (scenario: Scenario): Scenario => ({
  ...scenario,
  steps: scenario.steps.map((step) =>
    step.verb === 'start' && step.own?.role === 'server' ? { ...step, trace: false as const } : step,
  ),
});

/** Prepares, runs and judges. Throws LabError `engine` when the engine fails, never for anything that a program does. */
export async function checkPrograms(
  options: RunOptions,
  handed: AllHanded,
  own: OwnOptions & { language: Language },
): Promise<Checked> {
  const prepared = await prepareOwn(options, handed, own);
  const { messages } = prepared;
  if (prepared.ready === undefined) return notBuilt(options.scenario, prepared, own, handed);
  const { scenario, tuning } = prepared.ready;
  const { folder, failure, record } = await runScenario({ ...options, scenario: untraced(scenario), tuning });
  if (record.outcome === 'engine-failed' && failure) throw failure;
  // Whoever stopped it knows why, and what was recorded until then may be more than fits.
  if (record.outcome === 'interrupted') return { ...cutOff(options.scenario), messages, folder };
  const report = analyse(await readRun(folder));
  await explained(folder, report, own.language);
  return { ...checkedRun(report), messages, folder };
}

/** What cannot be written into the captures is no reason to hold back a verdict. */
async function explained(folder: string, report: Report, language: Language): Promise<void> {
  try {
    await explainCaptures(folder, report, language);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
  }
}

const cutOff = ({ name }: Scenario): Omit<Checked, 'messages'> => ({
  scenario: name,
  verdict: 'not-observable',
  reason: { kind: 'not-observable', text: { en: 'the run was stopped', fr: 'l’exécution a été arrêtée' } },
  expectations: [],
  hints: [],
});

/** The verdict on a run with a student's programs in it. */
export function checkedRun(report: Report): Omit<Checked, 'messages' | 'folder'> {
  const faults = faultsOf(report);
  const stopped = report.run.outcome === 'step-failed';
  const verdict = stopped ? 'unmet' : report.verdict;
  return {
    scenario: report.scenario.name,
    verdict,
    reason: reasonOf(report, faults),
    expectations: report.verdicts,
    hints: faults.map(({ hint }) => hint),
  };
}

const starting = new Set(['does-not-start', 'never-listens']);

function reasonOf(report: Report, [fault]: readonly Fault[]): Reason {
  if (report.verdict === 'met' && report.run.outcome === 'complete')
    return { kind: 'met', text: { en: 'all expectations met', fr: 'toutes les attentes remplies' } };
  if (fault) return { kind: starting.has(fault.id) ? 'does-not-start' : 'unmet', fault: fault.id, text: fault.reason };
  const failed = report.events.find((event) => event.kind === 'step-failed');
  if (failed?.kind === 'step-failed')
    return {
      kind: 'unmet',
      text: {
        en: `awaited: ${failed.awaited}; seen: ${failed.seen}`,
        fr: `attendu : ${failed.awaited} ; vu : ${failed.seen}`,
      },
    };
  const worst = report.verdicts.find(({ verdict }) => verdict === report.verdict);
  const kind = report.verdict === 'unmet' ? 'unmet' : 'not-observable';
  return { kind, text: worst ? verdictText(worst) : same(report.run.outcome) };
}

const verdictText = ({ expectation, expected, seen }: Verdict): Text => ({
  en: `${expectation.say.en.trim()} Expected: ${expected.en}; seen: ${seen.en}`,
  fr: `${expectation.say.fr.trim()} Attendu : ${expected.fr} ; vu : ${seen.fr}`,
});

const notRun: Text = { en: 'there was no run', fr: 'il n’y a pas eu d’exécution' };

function notBuilt(scenario: Scenario, { why, messages }: Prepared, own: OwnOptions, handed: AllHanded): Checked {
  const stand = { argv: ['none'] };
  const taken = Object.fromEntries(Object.keys(handed).map((role) => [role, stand]));
  const { expect } = withOwnPrograms(scenario, taken, own);
  return {
    scenario: scenario.name,
    verdict: 'unmet',
    reason: { kind: 'does-not-compile', text: why ?? notRun },
    expectations: expect.map((expectation) => ({
      expectation,
      at: `${expectation.place.file.split('/').slice(-2).join('/')}:${expectation.place.line}`,
      verdict: 'not-observable',
      expected: expectation.say,
      seen: notRun,
      proofs: [],
    })),
    hints: [
      {
        en: 'Read the first message of the compiler: those after it often come from it.',
        fr: 'Lisez le premier message du compilateur : les suivants en viennent souvent.',
      },
    ],
    messages,
  };
}
