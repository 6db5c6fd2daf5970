// Whose connection a server's call works on: said where several hosts share the server, as strace's -yy would say it.

import type { Report, TracedCall } from '../model/report.ts';

const saidAlready = /^(accept4?|connect|poll|ppoll|select|pselect6)$/;

/**
 * `recv(4)` → `recv(4<client2>)`, with the port where that host has several connections to this one. Clients' own calls
 * need no such word, nor do calls that name their peer.
 */
export function withPeer(text: string, call: TracedCall, { conversations }: Pick<Report, 'conversations'>): string {
  const own = conversations[call.conversation ?? -1];
  if (!own || own.responder.host !== call.host || own.initiator.host === call.host) return text;
  if (saidAlready.test(call.name)) return text;
  const here = conversations.filter(({ responder }) => responder.host === call.host);
  const { host, endpoint } = own.initiator;
  if (here.every(({ initiator }) => initiator.host === host)) return text;
  const several = here.filter(({ initiator }) => initiator.host === host).length > 1;
  return text.replace(/^(\w+\(\d+)/, `$1<${several ? `${host}:${endpoint.port}` : host}>`);
}
