// What a run shows of a student's program, gathered once for everything that looks for its faults.

import type { Endpoint } from '../../model/endpoint.ts';
import type { Text } from '../../model/language.ts';
import type { Look, SocketRow } from '../../model/look.ts';
import type { Role } from '../../model/own-program.ts';
import type { Conversation, Report } from '../../model/report.ts';
import type { RunEvent } from '../../model/run.ts';
import type { StepOf } from '../../model/scenario.ts';
import { type Difference, differenceOf, type Streams, streamsOf } from '../streams.ts';

/** One conversation of the program, with the bytes of both directions. */
export interface Talk {
  conversation: Conversation;
  streams: Streams;
  difference?: Difference;
  /** How the other one is called: `client1`. */
  other: string;
}

export interface Stand {
  report: Report;
  role: Role;
  /** The name by which the scenario starts it. */
  program: string;
  host: string;
  port: number;
  failed?: Extract<RunEvent, { kind: 'step-failed' }>;
  /** It ended by itself, before any step stopped it. */
  ended?: Extract<RunEvent, { kind: 'program-ended' }>;
  /** What it printed, the last words first to be of interest. */
  printed: string;
  talks: Talk[];
  /** Looks at its host while it ran, in order of time. */
  looks: Look[];
  /** The look at the moment of failure. */
  last?: Look;
}

type Start = StepOf<'start'>;

const isOwnStart = (role: Role) => (step: { verb: string; own?: { role: Role } }) =>
  step.verb === 'start' && step.own?.role === role;

/** Each student's program of the run, by role; a client each time that it was started. */
export function standsOf(report: Report): Stand[] {
  return (['server', 'client'] as const).flatMap((role) => {
    const starts = report.scenario.steps.filter(isOwnStart(role)) as Start[];
    const begun = starts.filter(({ start }) => startedAt(report, start) !== undefined);
    if (role === 'server') return begun.slice(-1).map((step) => standOf(report, role, step));
    const named = begun.find(({ start }) => isAwaited(report, start)) ?? begun.at(-1);
    return begun.map((step) => clientOf(standOf(report, role, step), step === named));
  });
}

/** Whether the step that failed was about this program. */
const isAwaited = ({ events }: Report, program: string): boolean =>
  events.some((event) => event.kind === 'step-failed' && event.awaited.startsWith(`${program} `));

/** The failure is the one client's that it is about. */
function clientOf(stand: Stand, isItsOwn: boolean): Stand {
  const { failed, ...others } = stand;
  return isItsOwn && failed ? { ...others, failed } : others;
}

const startedAt = ({ events }: Report, name: string): number | undefined =>
  events.find((event) => event.kind === 'program-started' && event.program === name)?.at;

function standOf(report: Report, role: Role, { start: program, on: host, until, own }: Start): Stand {
  const { events, looks } = report;
  const port = until && 'listens' in until ? until.listens : Number(own?.environment['PORT'] ?? 0);
  const failed = events.find((event) => event.kind === 'step-failed');
  const signalled = events.find((event) => event.kind === 'signalled' && event.program === program)?.at ?? Infinity;
  const ended = events.find((event) => event.kind === 'program-ended' && event.program === program);
  const printed = events.flatMap((event) => (event.kind === 'output' && event.program === program ? [event.text] : []));
  // Who sees a connection break may fail a moment before the end of the one who broke it is known.
  const lastMoment = looks.find(({ name }) => name === 'failed')?.at ?? failed?.at ?? Infinity;
  const mine = looks.filter((look) => look.host === host && look.name !== 'start' && look.name !== 'end');
  return {
    report,
    role,
    program,
    host,
    port,
    ...(failed?.kind === 'step-failed' ? { failed } : {}),
    ...(ended?.kind === 'program-ended' && ended.at < signalled && (ended.at <= lastMoment || crashes.has(ended.code))
      ? { ended }
      : {}),
    printed: printed.join(''),
    // What comes after a failure is the clean-up’s: programs are ended then.
    talks: talksOf(report, { role, program, host, port }, failed?.at),
    looks: mine,
    ...(mine.find(({ name }) => name === 'failed') ? { last: mine.find(({ name }) => name === 'failed') } : {}),
  };
}

function talksOf(
  report: Report,
  { role, program, host, port }: Pick<Stand, 'role' | 'program' | 'host' | 'port'>,
  until?: number,
): Talk[] {
  const isMine = ({ initiator, responder }: Conversation): boolean =>
    role === 'server' ? responder.host === host && responder.endpoint.port === port : initiator.program === program;
  return report.conversations.filter(isMine).map((conversation) => {
    const streams = streamsOf(conversation, report, until);
    const difference = differenceOf(streams);
    const { initiator, responder } = conversation;
    const other = role === 'server' ? initiator.host : responder.host;
    return { conversation, streams, other, ...(difference ? { difference } : {}) };
  });
}

/** Sockets of the programs, not of the engine. */
export const socketsOf = (look: Look | undefined): SocketRow[] =>
  (look?.sockets ?? []).filter(({ engineOwned }) => !engineOwned);

export const listenersOf = (look: Look | undefined): SocketRow[] =>
  socketsOf(look).filter(({ state, protocol }) => protocol === 'tcp' && state === 'LISTEN');

export const isEverywhere = ({ address }: Endpoint): boolean => address === '0.0.0.0' || address === '::';

const longest = 120;

/** ` It printed "…".`; nothing where it printed nothing. */
export function printedText({ printed, report, program }: Stand): Text {
  const cut = report.events.some((event) => event.kind === 'output-cut' && event.program === program);
  if (cut) return { en: ' It prints without end.', fr: ' Il affiche sans fin.' };
  const text = printed.trim();
  if (text === '') return { en: '', fr: '' };
  const shown = JSON.stringify(text.length > longest ? `…${text.slice(-longest)}` : text);
  return { en: ` It printed ${shown}.`, fr: ` Il a affiché ${shown}.` };
}

/** Exit codes that no clean-up causes: SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE. */
const crashes = new Set([132, 134, 135, 136, 139, 141]);

const signals: Record<number, string> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
};

/** How it ended: `with code 1`, `by SIGSEGV`. */
export function endText(code: number): Text {
  const signal = signals[code - 128];
  return signal ? { en: `by ${signal}`, fr: `par ${signal}` } : { en: `with code ${code}`, fr: `avec le code ${code}` };
}
