// Judges `states`: did a socket go through these states, in this order; or which state was it in at one instant?

import { endpointText } from '../../model/endpoint.ts';
import type { ExpectationOf } from '../../model/expectation.ts';
import type { Text } from '../../model/language.ts';
import type { Proof, SocketHistory, StateChange } from '../../model/report.ts';
import { parseStatePattern, type StatePattern } from '../../model/state-pattern.ts';
import {
  captureGap,
  cutShort,
  type Evidence,
  type Finding,
  frameProof,
  instantOf,
  noInstant,
  traceGap,
  untracedOn,
} from './evidence.ts';

/** From here on the socket is in this state and these programs have it open, until the next phase. */
interface Phase {
  from: number;
  state: StateChange['state'];
  owners: string[];
  /** What brought it about: the change of state, or undefined where only an owner came or went. */
  change?: StateChange;
}

interface Candidate {
  socket: SocketHistory;
  phases: Phase[];
  /** The phases found in the order of the patterns. */
  found: Phase[];
}

const mostShown = 3;

function phasesOf({ changes, owners }: SocketHistory): Phase[] {
  const [born] = changes;
  if (!born) return [];
  const moments = new Set(changes.map(({ at }) => at));
  for (const { from, until } of owners)
    for (const at of [from, until]) if (at !== undefined && at > born.at) moments.add(at);
  return [...moments]
    .sort((a, b) => a - b)
    .map((from) => {
      const change = changes.findLast(({ at }) => at <= from) ?? born;
      const now = owners.filter((owner) => owner.from <= from && from < (owner.until ?? Infinity));
      const names = [...new Set(now.map(({ program }) => program))];
      return { from, state: change.state, owners: names, ...(change.at === from ? { change } : {}) };
    });
}

/** The phases that reach into the stretch of time that counts; one that began before it is still there at its beginning. */
const within = (phases: readonly Phase[], from: number, until: number): Phase[] =>
  phases.filter((phase, index) => phase.from < until && (phases[index + 1]?.from ?? Infinity) > from);

const fits = ({ state, owner }: StatePattern, phase: Phase): boolean =>
  phase.state === state &&
  (owner === undefined || (owner === null ? phase.owners.length === 0 : phase.owners.includes(owner)));

function inOrder(patterns: readonly StatePattern[], phases: readonly Phase[]): Phase[] {
  const found: Phase[] = [];
  for (const phase of phases) {
    const next = patterns[found.length];
    if (next && fits(next, phase)) found.push(phase);
  }
  return found;
}

/** Where the sockets are looked for. */
export function hostOf({ on, of }: Pick<ExpectationOf<'states'>, 'on' | 'of'>, { found }: Evidence): string {
  return on ?? found.run.programs.find(({ name }) => name === of)?.host ?? '';
}

function socketsOf(expectation: ExpectationOf<'states'>, evidence: Evidence): SocketHistory[] {
  const { of, port } = expectation;
  const host = hostOf(expectation, evidence);
  const { conversations, states } = evidence.found;
  return states.filter(({ host: where, local, conversation, owners }) => {
    if (where !== host || (port !== undefined && local.port !== port)) return false;
    const both = conversations[conversation ?? -1];
    const isIts = both?.initiator.program === of || both?.responder.program === of;
    return of === undefined || isIts || owners.some(({ program }) => program === of);
  });
}

function proofOf({ change }: Phase, { found }: Evidence): Proof[] {
  const passage = found.passages[(change?.passage ?? 0) - 1];
  if (passage) return frameProof(passage);
  const call = found.calls[change?.call ?? -1];
  return call ? [{ kind: 'call', program: call.program, number: call.number, call: call.index }] : [];
}

const nobody: Text = { en: 'no owner', fr: 'no owner' };

/** `ESTABLISHED, no owner [client1 frame 3]`: in the words of the expectation, with the proof. */
function phaseText(phase: Phase, withOwners: boolean, evidence: Evidence): string {
  const owner = phase.owners.length === 0 ? nobody.en : `owner ${phase.owners.join(' and ')}`;
  const [proof] = proofOf(phase, evidence);
  const where =
    proof?.kind === 'frame'
      ? ` [${proof.point.host} frame ${proof.frame}]`
      : proof?.kind === 'call'
        ? ` [${proof.program} call ${proof.number}]`
        : '';
  return `${phase.state}${withOwners ? `, ${owner}` : ''}${where}`;
}

function candidateText({ socket, phases }: Candidate, withOwners: boolean, evidence: Evidence): string {
  const shown = withOwners ? phases : phases.filter(({ state }, index) => state !== phases[index - 1]?.state);
  const texts = shown.map((phase) => phaseText(phase, withOwners, evidence));
  return `${socket.host} ${endpointText(socket.local)}: ${texts.join('; ')}`;
}

function seenText(candidates: readonly Candidate[], withOwners: boolean, evidence: Evidence): Text {
  const there = candidates.filter(({ phases }) => phases.length > 0);
  if (there.length === 0) return { en: 'no such socket', fr: 'aucun socket de ce genre' };
  const shown = there
    .slice(0, mostShown)
    .map((one) => candidateText(one, withOwners, evidence))
    .join(' · ');
  const more = there.length - mostShown;
  return more > 0
    ? { en: `${shown} · … ${more} sockets more`, fr: `${shown} · … ${more} sockets de plus` }
    : { en: shown, fr: shown };
}

function blindness(
  expectation: ExpectationOf<'states'>,
  patterns: readonly StatePattern[],
  evidence: Evidence,
): Text | undefined {
  const { of, at } = expectation;
  const host = hostOf(expectation, evidence);
  if (at !== undefined && instantOf(at, host, evidence.found) === undefined) return noInstant(at, host);
  const ofCalls = patterns.some(({ state, owner }) => owner !== undefined || state === 'LISTEN' || state === 'UNCONN');
  return (
    (of === undefined ? undefined : traceGap(evidence, of)) ??
    captureGap(evidence, host) ??
    (ofCalls ? untracedOn(host, evidence) : undefined) ??
    (at === undefined ? cutShort(evidence) : undefined)
  );
}

/** `c1 on client1`, `port 5000 on server`: whose states. */
function whose({ of, port }: ExpectationOf<'states'>, host: string): Text {
  const what = [of, port === undefined ? '' : `port ${port}`].filter(Boolean).join(' ');
  return { en: `${what} on ${host}`, fr: `${what} sur ${host}` };
}

export function judgeStates(expectation: ExpectationOf<'states'>, evidence: Evidence): Finding {
  const patterns = expectation.states.flatMap((text) => {
    const parsed = parseStatePattern(text);
    return 'value' in parsed ? [parsed.value] : [];
  });
  const { at } = expectation;
  const host = hostOf(expectation, evidence);
  const instant = at === undefined ? undefined : (instantOf(at, host, evidence.found) ?? -Infinity);
  const { from, until } = instant === undefined ? evidence.window : { from: instant, until: instant + 1 };
  const candidates = socketsOf(expectation, evidence)
    .map((socket): Candidate => {
      const phases = within(phasesOf(socket), from, until);
      return { socket, phases, found: inOrder(patterns, phases) };
    })
    .sort((a, b) => b.found.length - a.found.length);
  const [best] = candidates;
  const blind = blindness(expectation, patterns, evidence);
  const whole = best?.found.length === patterns.length;
  // A gap can hide what ended a state, and who had the socket open.
  const isFragile = at !== undefined || patterns.some(({ owner }) => owner === null);
  const withOwners = patterns.some(({ owner }) => owner !== undefined);
  const who = whose(expectation, host);
  const list = expectation.states.join('; ');
  const shown = whole ? candidates.slice(0, 1) : candidates;
  return {
    matched: whole && (!isFragile || blind === undefined),
    expected: {
      en: `${who.en}${at === undefined ? '' : ` at ${at}`}: ${list}`,
      fr: `${who.fr}${at === undefined ? '' : `, à ${at}`} : ${list}`,
    },
    seen: seenText(shown, withOwners, evidence),
    none: {
      en: `none of ${candidates.length} sockets of ${who.en}`,
      fr: `aucun des ${candidates.length} sockets de ${who.fr}`,
    },
    proofs: (best?.found ?? []).flatMap((phase) => proofOf(phase, evidence)),
    blind,
  };
}
