// What a judge may look at: the findings, the stretch of time that counts, and what the recording could not have seen.

import type { Passage, Proof, Report } from '../../model/report.ts';
import type { Expectation } from '../../model/scenario.ts';
import type { Hosts } from '../hosts.ts';

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
  expected: string;
  seen: string;
  proofs: Proof[];
  /** Why not having seen it proves nothing. */
  blind?: string | undefined;
}

export type Judge<E extends Expectation> = (expectation: E, evidence: Evidence) => Finding;

export const isWithin = ({ from, until }: Window, at: number): boolean => at >= from && at < until;

function beginningOf(name: string, { events }: Findings): number | undefined {
  return events.find((event) => event.kind === 'step-began' && event.name === name)?.at;
}

/** The stretch between the named steps' beginnings; or the name of a step that never began. */
export function windowOf({ after, before }: Expectation, found: Findings): Window | { missing: string } {
  const from = after === undefined ? -Infinity : beginningOf(after, found);
  if (from === undefined) return { missing: after ?? '' };
  const until = before === undefined ? Infinity : beginningOf(before, found);
  return until === undefined ? { missing: before ?? '' } : { from, until };
}

/** A run that was cut short shows nothing about what would have come; a named end that was reached does. */
export function cutShort({ found: { run }, window }: Evidence): string | undefined {
  const cut = run.outcome === 'interrupted' || run.outcome === 'engine-failed';
  return cut && window.until === Infinity ? `the run ended early (${run.outcome})` : undefined;
}

function pointGap({ hosts, window }: Evidence, host: string): string | undefined {
  for (const { point, coverage } of hosts.pointsOf(host)) {
    const where = `${point.host}/${point.interface}`;
    if (coverage.dropped > 0) return `${where} dropped ${coverage.dropped} packets`;
    if (coverage.until <= coverage.from) return `the recording of ${where} has no end`;
    const early = window.from !== -Infinity && window.from < coverage.from;
    const late = window.until !== Infinity && window.until > coverage.until;
    if (early || late) return `${where} was not recorded all that time`;
  }
  return undefined;
}

/** Why a segment that a host sent might be missing from its captures; undefined when it cannot be. */
export function captureGap(evidence: Evidence, host: string): string | undefined {
  if (evidence.hosts.pointsOf(host).length === 0) return `${host} was not recorded`;
  const gap = pointGap(evidence, host);
  if (gap !== undefined) return gap;
  const anything = evidence.found.passages.some(({ from, to }) => from === host || to === host);
  return anything ? undefined : `nothing was captured at ${host}`;
}

/** Why a segment of whatever host might be missing; that one host was silent proves nothing against the others. */
export function anywhereGap(evidence: Evidence): string | undefined {
  if (evidence.found.passages.length === 0) return 'nothing was captured at all';
  for (const host of evidence.hosts.names) {
    const gap = pointGap(evidence, host);
    if (gap !== undefined) return gap;
  }
  return undefined;
}

/** Why calls of a program might be missing. */
export function traceGap({ found: { run, calls } }: Evidence, program: string): string | undefined {
  const record = run.programs.find(({ name }) => name === program);
  if (!record) return `${program} was never started`;
  if (record.traced === false) return `the calls of ${program} were not traced`;
  return calls.some((call) => call.program === program) ? undefined : `no call of ${program} was recorded`;
}

export function frameProof(passage: Passage): Proof[] {
  const sighting = passage.sent ?? passage.arrived;
  return sighting ? [{ kind: 'frame', point: sighting.point, frame: sighting.frame, passage: passage.number }] : [];
}

/** Long lists are cut: a reader compares a few lines, not a hundred. */
const mostShown = 8;

export function listed(texts: readonly string[], none: string): string {
  if (texts.length === 0) return none;
  const shown = texts.slice(0, mostShown).join('; ');
  return texts.length > mostShown ? `${shown}; … ${texts.length - mostShown} more` : shown;
}

/** The host's addresses on one of its networks, or on all; `loopback` is every loopback address. */
export function addressesOf({ found: { run } }: Evidence, host: string, network?: string): Set<string> {
  const interfaces = run.hosts.find(({ name }) => name === host)?.interfaces ?? [];
  const chosen = interfaces.filter((one) => network === undefined || one.network === network);
  const addresses = chosen.flatMap((one) => one.addresses).map((address) => address.split('/')[0] ?? address);
  return new Set(network === 'loopback' || network === undefined ? [...addresses, '127.0.0.1', '::1'] : addresses);
}
