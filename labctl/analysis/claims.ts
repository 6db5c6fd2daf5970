// Which conversation a connect began and which one an accept took: each is claimed once at either end.

import type { Call } from '../model/call.ts';
import { type Endpoint, endpointText } from '../model/endpoint.ts';
import type { Look } from '../model/look.ts';
import type { Conversation } from '../model/report.ts';
import { latestReturn } from './call-times.ts';
import { firstAt } from './first-at.ts';

/** A SYN leaves after its connect was entered; stamps of strace and of the capture differ by less than this. */
const stampSlack = 200;

export interface Claims {
  /** The conversation that a connect began: by its local port where that is known, else by its time. */
  connected(call: Call, inode: number, peer: Endpoint): Conversation | undefined;
  /**
   * The conversation that an accept took from the queue: with this peer where the program asked for its address, else
   * the one at this port whose handshake was completed first. Without a port (a listener from before the recording) the
   * peer alone decides.
   */
  accepted(call: Call, port: number | undefined, peer: Endpoint | undefined): Conversation | undefined;
}

/** Local endpoints that a look or getsockname shows for an inode. */
function localEndpoints(calls: readonly Call[], looks: readonly Look[]): Map<string, Endpoint> {
  const found = new Map<string, Endpoint>();
  for (const { host, sockets } of looks)
    for (const { inode, state, local } of sockets)
      if (inode > 0 && state !== 'LISTEN') found.set(`${host} ${inode}`, local);
  for (const { name, host, inode, address } of calls)
    if (name === 'getsockname' && address && inode !== undefined) found.set(`${host} ${inode}`, address);
  return found;
}

function grouped(conversations: readonly Conversation[], keyOf: (conversation: Conversation) => string) {
  const groups = new Map<string, Conversation[]>();
  for (const conversation of conversations) {
    const key = keyOf(conversation);
    const same = groups.get(key);
    if (same) same.push(conversation);
    else groups.set(key, [conversation]);
  }
  return groups;
}

function claim(group: Conversation[] | undefined, fits: (conversation: Conversation) => boolean) {
  const place = group?.findIndex(fits) ?? -1;
  return place < 0 ? undefined : group?.splice(place, 1)[0];
}

/** An EINPROGRESS returns at once; the SYN may wait for an answer to ARP, which is given up after three seconds. */
const arpPatience = 3_100_000;

const synBy = (call: Call): number =>
  call.errno === 'EINPROGRESS' ? latestReturn(call) + arpPatience : latestReturn(call);

/** In the order in which their handshakes were completed: the order in which they wait to be accepted. */
function inQueueOrder(conversations: readonly Conversation[]): Conversation[] {
  const completed = ({ handshake, passages }: Conversation): number => handshake.ack ?? passages.at(-1) ?? 0;
  return conversations.toSorted((a, b) => completed(a) - completed(b));
}

/** Calls must ask in order of time. */
export function claimsOf(
  conversations: readonly Conversation[],
  calls: readonly Call[],
  looks: readonly Look[],
): Claims {
  const locals = localEndpoints(calls, looks);
  const connecting = grouped(conversations, (c) => `${c.initiator.host} ${endpointText(c.responder.endpoint)}`);
  const accepting = grouped(inQueueOrder(conversations), ({ responder }) => responder.host);
  return {
    connected(call, inode, peer) {
      const from = call.at - stampSlack;
      const until = synBy(call);
      const port = locals.get(`${call.host} ${inode}`)?.port;
      const group = connecting.get(`${call.host} ${endpointText(peer)}`);
      group?.splice(
        0,
        firstAt(group, ({ start }) => start >= from),
      );
      // A busy machine may stamp the call much too early: where the port is known, that decides alone.
      return claim(group, (c) => (port === undefined ? c.start <= until : port === c.initiator.endpoint.port));
    },
    accepted(call, port, peer) {
      const until = latestReturn(call);
      const wanted = peer && endpointText(peer);
      return claim(
        accepting.get(call.host),
        ({ start, handshake, initiator, responder }) =>
          (port === undefined || port === responder.endpoint.port) &&
          (wanted === undefined
            ? start <= until && handshake.ack !== undefined
            : wanted === endpointText(initiator.endpoint)),
      );
    },
  };
}
