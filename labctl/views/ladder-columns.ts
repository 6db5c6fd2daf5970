// Which lifelines a ladder has, in which order, and what stands over them.

import { type Endpoint, endpointText } from '../model/endpoint.ts';
import type { Conversation, Moment, Report } from '../model/report.ts';

export interface LadderColumn {
  host: string;
  /** Address and port, each as far as it is the same in all conversations shown. */
  endpoint: string;
  /** It begins conversations from several ports, so each arrow must say which. */
  manyPorts: boolean;
}

function programHost(report: Report, program: string): string | undefined {
  return report.run.programs.find(({ name }) => name === program)?.host;
}

/** Hosts at which a moment is drawn. */
function hostsOf(moment: Moment, report: Report): string[] {
  if (moment.kind === 'passage') {
    const passage = report.passages[moment.passage - 1];
    return passage ? [passage.from, passage.to] : [];
  }
  if (moment.kind === 'call') return [report.calls[moment.call]?.host ?? []].flat();
  if (moment.kind === 'exit') return [moment.host];
  if (moment.kind === 'event' && 'program' in moment.event)
    return [programHost(report, moment.event.program) ?? []].flat();
  return [];
}

/** How much a host answers: +1 for each conversation (or first datagram) it receives, -1 for each it begins. */
function answering(report: Report, host: string): number {
  const balance = (initiator: string, responder: string): number =>
    Number(responder === host) - Number(initiator === host);
  const conversations = report.conversations.map(({ initiator, responder }) => balance(initiator.host, responder.host));
  const datagram = report.passages.find(({ udp }) => udp !== undefined);
  return [...conversations, datagram ? balance(datagram.from, datagram.to) / 2 : 0].reduce(
    (total, each) => total + each,
    0,
  );
}

const one = <T>(values: readonly T[]): T | undefined => (new Set(values).size === 1 ? values[0] : undefined);

/** `172.30.0.3:41022`, `172.30.0.2`, `:5000` or nothing: what all these endpoints have in common. */
function common(endpoints: readonly Endpoint[]): string {
  const [address, port] = [one(endpoints.map((each) => each.address)), one(endpoints.map((each) => each.port))];
  if (address !== undefined && port !== undefined) return endpointText({ address, port });
  return address ?? (port === undefined ? '' : `:${port}`);
}

function columnOf(host: string, conversations: readonly Conversation[]): LadderColumn {
  const ends = conversations
    .flatMap(({ initiator, responder }) => [initiator, responder])
    .filter((end) => end.host === host);
  const begun = conversations.filter(({ initiator }) => initiator.host === host);
  return {
    host,
    endpoint: common(ends.map(({ endpoint }) => endpoint)),
    manyPorts: new Set(begun.map(({ initiator }) => initiator.endpoint.port)).size > 1,
  };
}

/** The lifelines that these moments need: clients left, responders right, so that a server's calls have the margin. */
export function ladderColumns(report: Report, moments: readonly Moment[], only?: Conversation): LadderColumn[] {
  const needed = new Set(moments.flatMap((moment) => hostsOf(moment, report)));
  const declared = report.run.hosts.map(({ name }) => name);
  const hosts = [
    ...declared.filter((name) => needed.has(name)),
    ...[...needed].filter((name) => !declared.includes(name)),
  ];
  const conversations = only ? [only] : report.conversations;
  return hosts
    .map((host, index) => ({ host, index, weight: Math.sign(answering(report, host)) }))
    .sort((a, b) => a.weight - b.weight || a.index - b.index)
    .map(({ host }) => columnOf(host, conversations));
}
