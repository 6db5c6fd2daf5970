// What this very run can say about a program or a host, by the words that answers use: port, endpoint, pid, waited…

import { endpointText } from '../model/endpoint.ts';
import type { Language } from '../model/language.ts';
import type { Conversation, Report } from '../model/report.ts';

type Fact = (name: string, report: Report, language: Language) => string | undefined;

/** Microseconds as `97 µs`, `203.7 ms`, `1.204 s`, with the comma of French. */
export function durationText(micros: number, language: Language): string {
  const text =
    micros < 1000
      ? `${micros} µs`
      : micros < 1_000_000
        ? `${(micros / 1000).toFixed(1)} ms`
        : `${(micros / 1_000_000).toFixed(3)} s`;
  return language === 'fr' ? text.replace('.', ',') : text;
}

type OwnSide = { conversation: Conversation; side: 'initiator' | 'responder' };

/** The conversations of a program and the side that is its own. */
function sides(name: string, { conversations }: Report): OwnSide[] {
  return conversations.flatMap((conversation): OwnSide[] => {
    if (conversation.initiator.program === name) return [{ conversation, side: 'initiator' }];
    return conversation.responder.program === name ? [{ conversation, side: 'responder' }] : [];
  });
}

const distinct = (texts: readonly (string | number)[]): string | undefined =>
  texts.length === 0 ? undefined : [...new Set(texts)].join(', ');

/** Where a server listens is known even when nobody came: from its own bind. */
function bound(name: string, { calls }: Report) {
  return calls.find((call) => call.program === name && call.name === 'bind' && call.result === 0)?.address;
}

const ports: Fact = (name, report) => {
  const own = sides(name, report).map(({ conversation, side }) => conversation[side].endpoint.port);
  return distinct(own) ?? distinct([bound(name, report)?.port ?? []].flat());
};

const endpoints: Fact = (name, report) => {
  const listening = bound(name, report);
  if (listening) return endpointText(listening);
  return distinct(sides(name, report).map(({ conversation, side }) => endpointText(conversation[side].endpoint)));
};

/** How long a connection lay in the accept queue: from the handshake's last segment to the accept that took it. */
const waited: Fact = (name, report, language) => {
  const { conversation } = sides(name, report)[0] ?? {};
  const last = report.passages[(conversation?.handshake.ack ?? 0) - 1];
  const taken = report.calls.find(
    (call) => call.conversation === conversation?.index && call.name.startsWith('accept') && call.took !== undefined,
  );
  if (!last?.arrived || !taken) return undefined;
  return durationText(Math.max(0, taken.at + (taken.took ?? 0) - last.arrived.at), language);
};

const pids = (name: string, { calls }: Report): number[] => [
  ...new Set(calls.filter(({ program }) => program === name).map(({ pid }) => pid)),
];

function address(name: string, report: Report): string | undefined {
  const host = report.run.hosts.find((one) => one.name === name);
  const own = host?.interfaces.filter(({ network }) => network !== 'loopback').flatMap(({ addresses }) => addresses);
  if (own?.length) return own.map((text) => text.split('/')[0]).join(', ');
  return distinct(sides(name, report).map(({ conversation, side }) => conversation[side].endpoint.address));
}

const rtt: Fact = (name, report, language) => {
  const first = sides(name, report)[0]?.conversation.initialRtt;
  return first === undefined ? undefined : durationText(first, language);
};

/** `{client1.port}` and so on; the name is a program's, or for `address` a host's too. */
export const facts: Readonly<Record<string, Fact>> = {
  port: ports,
  ports,
  endpoint: endpoints,
  peer: (name, report) =>
    distinct(
      sides(name, report).map(({ conversation, side }) =>
        endpointText(conversation[side === 'initiator' ? 'responder' : 'initiator'].endpoint),
      ),
    ),
  address,
  host: (name, { run }) => run.programs.find((program) => program.name === name)?.host,
  pid: (name, report) => distinct(pids(name, report).slice(0, 1)),
  children: (name, report) => distinct(pids(name, report).slice(1)),
  rtt,
  waited,
};

/** The range of a host's ephemeral ports; all hosts of a lab have the same, as containers inherit nothing else. */
export function portRange({ run }: Report): string | undefined {
  for (const { sysctls } of run.hosts) {
    const text = sysctls['net.ipv4.ip_local_port_range'] ?? sysctls['ip_local_port_range'];
    const [low, high] = text?.trim().split(/\s+/) ?? [];
    if (low && high) return `${low}–${high}`;
  }
  return undefined;
}
