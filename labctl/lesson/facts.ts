// What this very run can say about a program, by the words that answers use: its port, its endpoint, its segments.

import { type Endpoint, endpointText } from '../model/endpoint.ts';
import type { Conversation, Passage, Report } from '../model/report.ts';

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

/** What the program's own host sent again. */
function repetitions(program: string, report: Report): Passage[] {
  const host = report.run.programs.find(({ name }) => name === program)?.host;
  return passagesOf(program, report).filter(({ from, tcp }) => from === host && tcp?.repeats !== undefined);
}

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

/** What may stand behind the dot in `{PROGRAM.port}`. */
export const facts: Readonly<Record<string, Fact>> = {
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
};

/** The range of ephemeral ports, both ends included, as the hosts of this run had it. */
export function portRange({ run }: Report): string | undefined {
  for (const { sysctls } of run.hosts) {
    const text = sysctls['net.ipv4.ip_local_port_range'] ?? sysctls['ip_local_port_range'];
    const [low, high] = text?.trim().split(/\s+/) ?? [];
    if (low && high) return `${low}–${high}`;
  }
  return undefined;
}
