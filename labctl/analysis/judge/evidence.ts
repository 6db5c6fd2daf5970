// What a judge may look at: the findings, the stretch of time that counts, and what the recording could not have seen.

import type { Expectation } from '../../model/expectation.ts';
import type { Text } from '../../model/language.ts';
import type { Passage, Proof, Report } from '../../model/report.ts';
import type { RunOutcome } from '../../model/run.ts';
import type { Hosts } from '../hosts.ts';
import { placed } from './places.ts';

/** The report before it is judged. */
export type Findings = Omit<Report, 'verdicts' | 'verdict'>;

export interface Window {
  from: number;
  until: number;
}

export interface Evidence {
  found: Findings;
  hosts: Hosts;
  window: Window;
}

/** What one judge found, before `absent` turns it round. */
export interface Finding {
  matched: boolean;
  expected: Text;
  seen: Text;
  proofs: Proof[];
  /** Among what it was searched for in vain: what an absence rests on. */
  none?: Text;
  /** Why not having seen it proves nothing. */
  blind?: Text | undefined;
}

export type Judge<E extends Expectation> = (expectation: E, evidence: Evidence) => Finding;

export const isWithin = ({ from, until }: Window, at: number): boolean => at >= from && at < until;

function beginningOf(name: string, { events }: Findings): number | undefined {
  return events.find((event) => event.kind === 'step-began' && event.name === name)?.at;
}

/** After a step that did not come true nothing of the scenario happens any more: programs are ended, whatever they wait for. */
const cleanUpOf = ({ events }: Findings): number => events.find(({ kind }) => kind === 'step-failed')?.at ?? Infinity;

/** The stretch between the named steps' beginnings; or the name of a step that never began. */
export function windowOf({ after, before }: Expectation, found: Findings): Window | { missing: string } {
  const from = after === undefined ? -Infinity : beginningOf(after, found);
  if (from === undefined) return { missing: after ?? '' };
  const until = before === undefined ? Infinity : beginningOf(before, found);
  if (until === undefined) return { missing: before ?? '' };
  return { from, until: Math.min(until, cleanUpOf(found)) };
}

const outcomes: Partial<Record<RunOutcome, Text>> = {
  interrupted: { en: 'the run ended early (interrupted)', fr: 'l’exécution s’est arrêtée tôt (interrompue)' },
  'engine-failed': {
    en: 'the run ended early (the engine failed)',
    fr: 'l’exécution s’est arrêtée tôt (le moteur a échoué)',
  },
};

/** A run that was cut short shows nothing about what would have come; a named end that was reached does. */
export function cutShort({ found: { run }, window }: Evidence): Text | undefined {
  return window.until === Infinity ? outcomes[run.outcome] : undefined;
}

function pointGap({ hosts, window }: Evidence, host: string): Text | undefined {
  for (const { point, coverage } of hosts.pointsOf(host)) {
    const where = `${point.host}/${point.interface}`;
    if (coverage.dropped > 0)
      return {
        en: `${where} dropped ${coverage.dropped} packets`,
        fr: `${coverage.dropped} paquets perdus par l’enregistrement sur ${where}`,
      };
    if (coverage.until <= coverage.from)
      return { en: `the recording of ${where} has no end`, fr: `l’enregistrement de ${where} n’a pas de fin` };
    const early = window.from !== -Infinity && window.from < coverage.from;
    const late = window.until !== Infinity && window.until > coverage.until;
    if (early || late)
      return {
        en: `${where} was not recorded all that time`,
        fr: `${where} n’a pas été enregistré tout ce temps`,
      };
  }
  return undefined;
}

const notRecorded = (what: string): Text => ({ en: `${what} was not recorded`, fr: `${what} n’a pas été enregistré` });

/** Why a segment that a host sent might be missing from its captures; undefined when it cannot be. */
export function captureGap(evidence: Evidence, host: string): Text | undefined {
  if (evidence.hosts.pointsOf(host).length === 0) return notRecorded(host);
  const gap = pointGap(evidence, host);
  if (gap !== undefined) return gap;
  const anything = evidence.found.passages.some(({ from, to }) => from === host || to === host);
  return anything ? undefined : { en: `nothing was captured at ${host}`, fr: `rien n’a été capturé sur ${host}` };
}

/** Why a segment of whatever host might be missing; that one host was silent proves nothing against the others. */
export function anywhereGap(evidence: Evidence): Text | undefined {
  if (evidence.found.passages.length === 0)
    return { en: 'nothing was captured at all', fr: 'rien du tout n’a été capturé' };
  for (const host of evidence.hosts.names) {
    const gap = pointGap(evidence, host);
    if (gap !== undefined) return gap;
  }
  return undefined;
}

/** A program that a step before it kept from being started. */
export const neverStarted = (program: string): Text => ({
  en: `${program} was never started`,
  fr: `${program} n’a jamais été lancé`,
});

/** Why calls of a program might be missing. */
export function traceGap({ found: { run, calls } }: Evidence, program: string): Text | undefined {
  const record = run.programs.find(({ name }) => name === program);
  if (!record) return neverStarted(program);
  if (record.traced === false)
    return { en: `the calls of ${program} were not traced`, fr: `les appels de ${program} n’ont pas été tracés` };
  if (calls.some((call) => call.program === program)) return undefined;
  return { en: `no call of ${program} was recorded`, fr: `aucun appel de ${program} n’a été enregistré` };
}

/** Conversations are a program's by its calls. */
export const unknownFor = (gap: Text): Text => ({
  en: `${gap.en}, so its conversations are not known`,
  fr: `${gap.fr}, donc ses conversations ne sont pas connues`,
});

export function frameProof(passage: Passage): Proof[] {
  const sighting = passage.sent ?? passage.arrived;
  return sighting ? [{ kind: 'frame', point: sighting.point, frame: sighting.frame, passage: passage.number }] : [];
}

/** Long lists are cut: a reader compares a few lines, not a hundred. */
const mostShown = 8;

export function listed(texts: readonly string[], none: Text): Text {
  if (texts.length === 0) return none;
  const shown = texts.slice(0, mostShown).join('; ');
  const more = texts.length - mostShown;
  const { en, fr } = placed(shown);
  return more > 0 ? { en: `${en}; … ${more} more`, fr: `${fr} ; … ${more} de plus` } : { en, fr };
}

/** The host's addresses on one of its networks, or on all; `loopback` is every loopback address. */
export function addressesOf({ found: { run } }: Evidence, host: string, network?: string): Set<string> {
  const interfaces = run.hosts.find(({ name }) => name === host)?.interfaces ?? [];
  const chosen = interfaces.filter((one) => network === undefined || one.network === network);
  const addresses = chosen.flatMap((one) => one.addresses).map((address) => address.split('/')[0] ?? address);
  return new Set(network === 'loopback' || network === undefined ? [...addresses, '127.0.0.1', '::1'] : addresses);
}

/** When a host was looked at, or when the step of that name began. */
export function instantOf(name: string, host: string, found: Findings): number | undefined {
  return found.looks.find((look) => look.name === name && look.host === host)?.at ?? beginningOf(name, found);
}

export const noInstant = (name: string, host: string): Text => ({
  en: `there was neither a look nor a step "${name}" (${host})`,
  fr: `il n’y a eu ni observation ni étape « ${name} » (${host})`,
});

/** Who has a socket open is known by the calls of whoever could: why it is not known on a host. */
export function untracedOn(host: string, evidence: Evidence): Text | undefined {
  const here = evidence.found.run.programs.filter((program) => program.host === host);
  if (here.length === 0)
    return { en: `no program was started on ${host}`, fr: `aucun programme n’a été lancé sur ${host}` };
  return here.map(({ name }) => traceGap(evidence, name)).find((gap) => gap !== undefined);
}
