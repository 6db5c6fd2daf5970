// What stands beside a lifeline: calls, typed and printed lines, beginnings and ends of programs; and the steps between.

import type { Endpoint } from '../model/endpoint.ts';
import { endpointText } from '../model/endpoint.ts';
import type { Language } from '../model/language.ts';
import type { Moment, Report, TracedCall } from '../model/report.ts';
import type { RunEvent } from '../model/run.ts';
import { manyAddresses } from './around.ts';
import { type ByKind, byKind } from './by-kind.ts';
import { withPeer } from './call-peers.ts';
import { callText, type NameEndpoint, resultText } from './call-text.ts';
import { countText, durationText } from './format.ts';
import { type StateIndex, stateIndex } from './states.ts';
import type { Words } from './words.ts';

export interface Note {
  kind: 'note';
  host: string;
  role: 'call' | 'typed' | 'printed' | 'started' | 'ended' | 'look' | 'failed';
  text: string;
  comment: string;
}

type Across = { kind: 'step'; text: string } | { kind: 'failed'; text: string };

export interface NoteContext {
  report: Report;
  words: Words;
  language: Language;
  /** Lifelines of the ladder; with two, a peer's port alone names it. */
  columns: number;
  hostByAddress: ReadonlyMap<string, string>;
  hostByProgram: ReadonlyMap<string, string>;
  /** Hosts that answer at several addresses in this run: their name does not say which. */
  manyAddresses: ReadonlySet<string>;
  /** Programs that ran at the same time as another one of their host: their notes carry their name. */
  crowded: ReadonlySet<string>;
  /** First process of each program; calls of its children carry their pid. */
  firstPid: ReadonlyMap<string, number>;
  /** Call index → states that it brought sockets into. */
  states: StateIndex['byCall'];
}

const bareAddress = (address: string): string => address.split('/')[0] ?? address;

/** Every lab address → its host; loopback belongs to all and is left out. */
export function hostsByAddress(report: Report): Map<string, string> {
  const pairs = report.run.hosts.flatMap(({ name, interfaces }) =>
    interfaces.flatMap(({ addresses }) => addresses.map((address) => [bareAddress(address), name] as const)),
  );
  return new Map(pairs.filter(([address]) => !/^127\.|^::1$/.test(address)));
}

interface Span {
  name: string;
  host: string;
  from: number;
  until: number;
}

function programSpans(report: Report): Span[] {
  const spans = new Map<string, Span>();
  for (const { program, host, at } of report.calls) {
    const span = spans.get(program) ?? { name: program, host, from: at, until: at };
    spans.set(program, { ...span, from: Math.min(span.from, at), until: Math.max(span.until, at) });
  }
  return [...spans.values()];
}

const overlap = (a: Span, b: Span): boolean => a !== b && a.host === b.host && a.from <= b.until && b.from <= a.until;

function crowdedPrograms(report: Report): Set<string> {
  const spans = programSpans(report);
  return new Set(spans.filter((a) => spans.some((b) => overlap(a, b))).map(({ name }) => name));
}

function firstPids(report: Report): Map<string, number> {
  const first = new Map<string, number>();
  for (const { program, pid } of report.calls) if (!first.has(program)) first.set(program, pid);
  return first;
}

/** Everything notes need, gathered once for a report. */
export function noteContext(report: Report, words: Words, language: Language): NoteContext {
  return {
    report,
    words,
    language,
    columns: report.run.hosts.length,
    hostByAddress: hostsByAddress(report),
    manyAddresses: manyAddresses(report),
    hostByProgram: new Map(report.run.programs.map(({ name, host }) => [name, host])),
    crowded: crowdedPrograms(report),
    firstPid: firstPids(report),
    states: stateIndex(report, words).byCall,
  };
}

function named(endpoint: Endpoint, context: NoteContext): string {
  const host = context.hostByAddress.get(endpoint.address);
  return host === undefined || context.manyAddresses.has(host) ? endpointText(endpoint) : `${host}:${endpoint.port}`;
}

/** Peers in results: with two lifelines the port says enough. */
const peer =
  (context: NoteContext): NameEndpoint =>
  (endpoint) =>
    context.columns <= 2 && context.hostByAddress.has(endpoint.address)
      ? `:${endpoint.port}`
      : named(endpoint, context);

type CallMoment = Extract<Moment, { kind: 'call' }>;
type Part = CallMoment['part'];

/** Calls that wait for somebody else. */
const waiting = /^(accept4?|connect|p?read|recv|wait|poll|ppoll|select|pselect|epoll|pause)/;
/** A send, or a splice, that took less was held up by the tracing, not by a full window. */
const heldUp = 100_000;

/** It took long without waiting for anybody: it stands on the ladder once. */
const isSlow = ({ name, result, took = 0 }: TracedCall): boolean =>
  result !== undefined && !waiting.test(name) && !(/^(send|p?write|splice)/.test(name) && took > heldUp);

/** What is worth saying beside a call: how long it waited, what it means, which state it led to. */
function callComment(call: TracedCall, { part, at }: CallMoment, { words, states }: NoteContext): string {
  if (part === 'entered' && !isSlow(call)) return '';
  const waited = part === 'returned' ? [words.ladder.waited(durationText(at - call.at))] : [];
  const ended = /^(p?read|recv|splice)/.test(call.name) && call.result === 0 ? [words.ladder.endOfStream] : [];
  return [...ended, ...waited, ...(states.get(call.index) ?? []).map(({ state }) => state)].join(', ');
}

/** `= 4`, `…` while it waits, `= ?` for a return without a value (strace's own word). */
function callResult(call: TracedCall, part: Part, context: NoteContext): string {
  if (call.name === 'exit_group' || call.name === 'exit') return '';
  if (part === 'entered' && !isSlow(call)) return ` … ${context.words.ladder.waits}`;
  const result = resultText(call, peer(context));
  if (result !== '') return ` = ${result}`;
  return part === 'returned' ? ' = ?' : ' …';
}

function callNote(call: TracedCall, moment: CallMoment, context: NoteContext): Note | undefined {
  const { part } = moment;
  if (part === 'returned' && isSlow(call)) return undefined;
  const child = context.firstPid.get(call.program) === call.pid ? '' : `[${call.pid}] `;
  const who = (context.crowded.has(call.program) ? `${call.program}: ` : '') + child;
  const result = callResult(call, part, context);
  const told = callText(call, (endpoint) => named(endpoint, context), !result.startsWith(' …'));
  const text = who + (context.columns > 2 ? withPeer(told, call, context.report) : told) + result;
  return { kind: 'note', host: call.host, role: 'call', text, comment: callComment(call, moment, context) };
}

export type CallNamer = (call: TracedCall) => string;

/** A call and its result in one line, `write(3, "hi\\n") = 3`, with peers named as on the ladder. */
export function callNamer(report: Report, words: Words, language: Language): CallNamer {
  const context = noteContext(report, words, language);
  return (call) => {
    const result = resultText(call, peer(context));
    return callText(call, (endpoint) => named(endpoint, context), true) + (result === '' ? '' : ` = ${result}`);
  };
}

type ProgramEvent = Extract<RunEvent, { program: string }>;

type Said = Pick<Note, 'role' | 'text'> | undefined;

const hasExit = (report: Report, program: string): boolean =>
  report.processEvents.some((event) => event.kind === 'exit' && event.program === program);

/** A program that prints megabytes must not bury the ladder; the run folder has all of it. */
const shownOutput = { characters: 600, lines: 12 };

function beginningOf(text: string, { ladder }: Words): string {
  const lines = text.slice(0, shownOutput.characters).split('\n').slice(0, shownOutput.lines);
  const shown = lines.join('\n').replace(/[\uD800-\uDBFF]$/, '');
  const rest = Buffer.byteLength(text) - Buffer.byteLength(shown);
  return rest === 0 ? text : `${shown}\n${ladder.cut(countText(rest))}`;
}

/** Mark and text of what a program or its user did; events that show elsewhere give nothing. */
const programSaid: ByKind<ProgramEvent, NoteContext, Said> = {
  'program-started': ({ argv }) => ({ role: 'started', text: argv.join(' ') }),
  typed: ({ text }) => ({ role: 'typed', text: text.replace(/\n$/, '') }),
  output: ({ text }, { words }) =>
    text.trim() === '' ? undefined : { role: 'printed', text: beginningOf(text.replace(/\n$/, ''), words) },
  'output-cut': ({ bytes }, { words }) => ({ role: 'printed', text: words.ladder.cut(countText(bytes)) }),
  'input-closed': (_event, { words }) => ({ role: 'typed', text: words.ladder.endOfInput }),
  signalled: ({ signal }, { words }) => ({ role: 'ended', text: words.ladder.signalled(signal) }),
  'program-ended': ({ program, code }, { words, report }) =>
    hasExit(report, program) ? undefined : { role: 'ended', text: words.ladder.exited(code) },
};

/** `net.ipv4.tcp_early_retrans = 0, …`. */
export const settingsText = (sysctls: Readonly<Record<string, string>>): string =>
  Object.entries(sysctls)
    .map(([key, value]) => `${key} = ${value}`)
    .join(', ');

function eventNote(event: RunEvent, context: NoteContext): Note | Across | undefined {
  if (event.kind === 'step-began') return event.say && { kind: 'step', text: event.say[context.language] };
  if (event.kind === 'step-failed')
    return { kind: 'failed', text: context.words.ladder.failed(event.awaited, event.seen) };
  if (event.kind === 'rule-added')
    return { kind: 'step', text: context.words.ladder.wire(event.summary[context.language]) };
  if (event.kind === 'rule-removed')
    return { kind: 'step', text: context.words.ladder.ruleEnds(event.rule, event.hit) };
  if (event.kind === 'host-tuned')
    return { kind: 'step', text: context.words.ladder.tuned(event.host, settingsText(event.sysctls)) };
  if (event.kind === 'host-paused' || event.kind === 'host-resumed') {
    const { paused, resumed } = context.words.ladder;
    const text = event.kind === 'host-paused' ? paused : resumed;
    return { kind: 'note', host: event.host, role: 'ended', text, comment: '' };
  }
  if (event.kind === 'stopped') return { kind: 'failed', text: context.words.ladder.stopped(event.why) };
  if (!('program' in event)) return undefined;
  const note = byKind(programSaid, event, context);
  const host = context.hostByProgram.get(event.program);
  if (note === undefined || host === undefined) return undefined;
  const who = context.crowded.has(event.program) && event.kind !== 'program-started' ? `${event.program}: ` : '';
  return { kind: 'note', host, role: note.role, text: who + note.text, comment: '' };
}

/** How a process ended, or which signal it received. */
function processNote(moment: Extract<Moment, { kind: 'exit' | 'signal' }>, context: NoteContext): Note {
  const { words, firstPid, crowded } = context;
  const child = firstPid.get(moment.program) === moment.pid ? '' : `[${moment.pid}] `;
  const who = (crowded.has(moment.program) ? `${moment.program}: ` : '') + child;
  const ended =
    moment.kind === 'exit' && moment.signal === undefined ? words.ladder.exited(moment.code ?? 0) : undefined;
  const how =
    ended ??
    (moment.kind === 'exit' ? words.ladder.killed(moment.signal ?? '?') : words.ladder.receives(moment.signal));
  return { kind: 'note', host: moment.host, role: 'ended', text: who + how, comment: '' };
}

/** The note that a moment becomes; nothing for moments that have no place on the ladder. */
export function noteOf(
  moment: Exclude<Moment, { kind: 'passage' | 'arrival' }>,
  context: NoteContext,
): Note | Across | undefined {
  const { report, words } = context;
  if (moment.kind === 'event') return eventNote(moment.event, context);
  if (moment.kind === 'call') {
    const call = report.calls[moment.call];
    return call && callNote(call, moment, context);
  }
  if (moment.kind === 'look') {
    const look = report.looks[moment.look];
    if (look === undefined || look.name === 'start' || look.name === 'end') return undefined;
    return { kind: 'note', host: look.host, role: 'look', text: words.ladder.look(look.name), comment: '' };
  }
  return processNote(moment, context);
}
