// What this very run can say about a program, by the words that answers use: its port, its endpoint, its segments.

import { type Endpoint, endpointText, sameEndpoint } from '../model/endpoint.ts';
import type { ProgramFact } from '../model/lesson.ts';
import { flagBits } from '../model/packet.ts';
import type { Conversation, Passage, Report, TracedCall } from '../model/report.ts';
import type { HostRecord } from '../model/run.ts';

type Fact = (program: string, report: Report) => string | undefined;

/** A program's own ends: where it is bound, else the ends of its conversations in order of time. */
function ownEnds(program: string, report: Report): Endpoint[] {
  const bound = report.calls.find(
    (call) => call.program === program && call.name === 'bind' && call.result === 0,
  )?.address;
  if (bound) return [bound];
  return conversationsOf(program, report).map(({ initiator, responder }) =>
    initiator.program === program ? initiator.endpoint : responder.endpoint,
  );
}

const conversationsOf = (program: string, { conversations }: Report): Conversation[] =>
  conversations.filter(({ initiator, responder }) => initiator.program === program || responder.program === program);

const passagesOf = (program: string, report: Report): Passage[] =>
  conversationsOf(program, report).flatMap(({ passages }) => passages.flatMap((one) => report.passages[one - 1] ?? []));

const lost = (program: string, report: Report): Passage[] => passagesOf(program, report).filter((one) => one.lost);

/** What the program's own host sent. */
function ownPassages(program: string, report: Report): Passage[] {
  const host = report.run.programs.find(({ name }) => name === program)?.host;
  return passagesOf(program, report).filter(({ from }) => from === host);
}

const repetitions = (program: string, report: Report): Passage[] =>
  ownPassages(program, report).filter(({ tcp }) => tcp?.repeats !== undefined);

/** Questions of a silent connection's kernel, whether the other one is still there (RFC 9293, section 3.8.4). */
const probes = (program: string, report: Report): Passage[] =>
  ownPassages(program, report).filter(({ tcp }) => tcp?.meaning === 'keep-alive');

/** `204 ms`, `1.03 s`: as exact as a lesson needs. */
function durationText(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  return micros < 1_000_000 ? `${Math.round(micros / 1000)} ms` : `${(micros / 1_000_000).toFixed(2)} s`;
}

/** `#3–5`: numbers of the ladder. */
const span = (from: number | undefined, to: number | undefined): string[] =>
  from === undefined || to === undefined ? [] : [from === to ? `#${from}` : `#${from}–${to}`];

/** Several different values are all told, in order. */
const told = (texts: readonly string[]): string | undefined =>
  texts.length === 0 ? undefined : [...new Set(texts)].join(', ');

const callsOf = (program: string, report: Report): TracedCall[] =>
  report.calls.filter((call) => call.program === program);

/** Calls that a lesson speaks of when it says how a program was told: those on sockets. */
const onSockets = new Set(['bind', 'listen', 'connect', 'accept', 'recvfrom', 'sendto', 'read', 'write']);
/** No failure for the program: it asks again, or the kernel does so for it after a signal (strace's ERESTART…). */
const isFailure = (errno: string): boolean => !['EAGAIN', 'EINTR'].includes(errno) && !errno.startsWith('ERESTART');

function failures(program: string, report: Report): TracedCall[] {
  return callsOf(program, report).filter(
    ({ name, errno, conversation, address }) =>
      errno && onSockets.has(name) && isFailure(errno) && (conversation !== undefined || address !== undefined),
  );
}

/** Ports that the C library connects to by itself, to find names and the best of their addresses. */
const libraryPorts = [0, 53];
/** So it opens sockets for that, though not for 0 but for the port that the program asks for. */
const libraryType = /SOCK_DGRAM\|SOCK_CLOEXEC/;

function connects(program: string, report: Report): TracedCall[] {
  const mine = callsOf(program, report);
  const asking = new Set(
    mine.flatMap(({ name, args, inode }) => (name === 'socket' && libraryType.test(args[1] ?? '') ? [inode] : [])),
  );
  return mine.filter(
    ({ name, address, inode }) =>
      name === 'connect' && address !== undefined && !libraryPorts.includes(address.port) && !asking.has(inode),
  );
}

/** Segments of the program's conversations with this flag, from either side. */
const flagged = (flag: number, program: string, report: Report): string[] =>
  passagesOf(program, report).flatMap(({ number, tcp }) =>
    tcp && (tcp.header.flags & flag) !== 0 ? [`#${number}`] : [],
  );

const hostOf = (program: string, { run }: Report): HostRecord | undefined => {
  const name = run.programs.find((one) => one.name === program)?.host;
  return run.hosts.find((host) => host.name === name);
};

/** `161 kB`: of each of the program's connections, as far as they were measured. */
function largestWindows(program: string, report: Report): string[] {
  return ownEnds(program, report).flatMap((end) => {
    const mine = report.samples.filter(({ local }) => sameEndpoint(local, end));
    const most = Math.max(...mine.map(({ congestionWindow }) => congestionWindow));
    return mine.length === 0 ? [] : [`${Math.round(most / 1000)} kB`];
  });
}

/** What may stand behind the dot in `{PROGRAM.port}`. */
const facts: Readonly<Record<ProgramFact, Fact>> = {
  port: (program, report) => told(ownEnds(program, report).map(({ port }) => `${port}`)),
  endpoint: (program, report) => told(ownEnds(program, report).map(endpointText)),
  handshake: (program, report) =>
    told(conversationsOf(program, report).flatMap(({ handshake }) => span(handshake.syn, handshake.ack))),
  segments: (program, report) =>
    told(conversationsOf(program, report).flatMap(({ passages }) => span(passages[0], passages.at(-1)))),
  lost: (program, report) => told(lost(program, report).map(({ number }) => `#${number}`)),
  again: (program, report) => told(repetitions(program, report).map(({ number }) => `#${number}`)),
  after: (program, report) =>
    told(repetitions(program, report).map(({ tcp }) => durationText(tcp?.repeats?.after ?? 0))),
  called: (program, report) =>
    told(connects(program, report).flatMap(({ address }) => (address ? [endpointText(address)] : []))),
  waited: (program, report) =>
    told(connects(program, report).flatMap(({ took }) => (took === undefined ? [] : [durationText(took)]))),
  error: (program, report) => told(failures(program, report).flatMap(({ errno }) => errno ?? [])),
  fins: (program, report) => told(flagged(flagBits.fin, program, report)),
  resets: (program, report) => told(flagged(flagBits.rst, program, report)),
  losses: (program, report) => `${lost(program, report).length}`,
  congestion: (program, report) => hostOf(program, report)?.congestionControl,
  window: (program, report) => told(largestWindows(program, report)),
  probes: (program, report) => told(probes(program, report).map(({ number }) => `#${number}`)),
};

const isFact = (name: string): name is ProgramFact => Object.hasOwn(facts, name);

/** What `{PROGRAM.FACT}` is in this run; undefined where the run does not show it. */
export const factOf = (program: string, fact: string, report: Report): string | undefined =>
  isFact(fact) ? facts[fact](program, report) : undefined;

/** The range of ephemeral ports, both ends included, as the hosts of this run had it. */
export function portRange({ run }: Report): string | undefined {
  for (const { sysctls } of run.hosts) {
    const text = sysctls['net.ipv4.ip_local_port_range'] ?? sysctls['ip_local_port_range'];
    const [low, high] = text?.trim().split(/\s+/) ?? [];
    if (low && high) return `${low}–${high}`;
  }
  return undefined;
}
