// Follows the calls of all programs in order of time and ties each to its socket and the socket's conversation.

import type { Call } from '../model/call.ts';
import type { Look } from '../model/look.ts';
import type { Conversation, TracedCall } from '../model/report.ts';
import { type Claims, claimsOf } from './claims.ts';
import {
  acceptCalls,
  descriptors,
  newSocket,
  receiveCalls,
  type SocketView,
  sendCalls,
  socketArgument,
} from './sockets.ts';

export interface TiedCalls {
  calls: TracedCall[];
  /** The socket that each call works on, by the call's index. */
  socketOf: Map<number, SocketView>;
  sockets: SocketView[];
}

/** What is known while calls are followed. */
interface Known {
  open: ReturnType<typeof descriptors>;
  claims: Claims;
  /** By host and inode. */
  sockets: Map<string, SocketView>;
}

function know(known: Known, call: Call, inode: number, made: 'socket' | 'accepted' | 'unknown'): SocketView {
  const key = `${call.host} ${inode}`;
  const socket = known.sockets.get(key) ?? newSocket(call, inode, made);
  known.sockets.set(key, socket);
  return socket;
}

function tie(socket: SocketView, conversation: Conversation | undefined, fromInitiator: boolean): void {
  if (!conversation) return;
  const { initiator, responder } = conversation;
  const [own, other] = fromInitiator ? [initiator, responder] : [responder, initiator];
  own.program ??= socket.program;
  Object.assign(socket, { conversation: conversation.index, fromInitiator, local: own.endpoint, peer: other.endpoint });
}

/** The new socket of an accept that succeeded, else the listener. */
function acceptSocket(known: Known, call: Call): SocketView | undefined {
  const listening = socketArgument(call.args[0])?.inode;
  const listener = known.sockets.get(`${call.host} ${listening}`);
  if ((call.result ?? -1) < 0 || call.inode === undefined || call.inode === listening) return listener;
  const socket = know(known, call, call.inode, 'accepted');
  if (!call.address) return socket;
  if (listener?.local) tie(socket, known.claims.accepted(call, listener.local.port, call.address), false);
  socket.peer ??= call.address;
  return socket;
}

const isTransfer = ({ name, result = -1 }: Call): boolean =>
  result >= 0 && (sendCalls.has(name) || receiveCalls.has(name));

/** What a call changes in what is known of its socket. */
function use(socket: SocketView, call: Call, claims: Claims): void {
  const { name, address, result = -1 } = call;
  if (name === 'bind' && result >= 0 && address) socket.local = address;
  if (name === 'listen' && result >= 0) socket.listening = true;
  if (address && (name === 'connect' || sendCalls.has(name))) socket.peer ??= address;
  const connects = name === 'connect' && socket.type === 'stream' && socket.conversation === undefined;
  if (connects && address) tie(socket, claims.connected(call, socket.inode, address), true);
  socket.used ||= socket.type === 'stream' || name === 'bind' || isTransfer(call);
}

/** True when the call can only be about a socket, or its descriptor says so. */
const namesSocket = (call: Call): boolean =>
  ['socket', 'bind', 'listen', 'connect'].includes(call.name) || (call.args[0]?.includes('<socket:[') ?? false);

function socketFor(known: Known, call: Call): SocketView | undefined {
  if (acceptCalls.has(call.name)) return acceptSocket(known, call);
  const { host, pid, fd } = call;
  const inode = call.inode ?? (fd === undefined ? undefined : known.open.inodeOf(host, pid, fd));
  if (inode === undefined) return undefined;
  const made = call.name === 'socket' ? 'socket' : 'unknown';
  const socket =
    known.sockets.get(`${host} ${inode}`) ?? (namesSocket(call) ? know(known, call, inode, made) : undefined);
  if (socket) use(socket, call, known.claims);
  return socket;
}

/** Notes calls that may end a socket's sending side; the end of a process closes all that it holds. */
function noteClosers(known: Known, call: Call, index: number, socket: SocketView | undefined): void {
  const { name, host, pid } = call;
  if (name === 'exit_group' || name === 'exit')
    for (const inode of known.open.heldBy(host, pid)) known.sockets.get(`${host} ${inode}`)?.closers.push(index);
  const half = name === 'shutdown' && call.args[1] !== 'SHUT_RD';
  if (name === 'close' || half) socket?.closers.push(index);
}

/** Connections that nobody accepted belong to the program at whose listener they queued. */
function nameListeners(conversations: readonly Conversation[], sockets: readonly SocketView[]): void {
  const listeners = new Map<string, string>();
  for (const { host, local, listening, program } of sockets)
    if (listening && local) listeners.set(`${host}:${local.port}`, program);
  for (const { responder, handshake } of conversations) {
    if (responder.program !== undefined || handshake.synAck === undefined) continue;
    const program = listeners.get(`${responder.host}:${responder.endpoint.port}`);
    if (program !== undefined) responder.program = program;
  }
}

/** Ties calls, given in order of time; conversations get the names of the programs at their ends. */
export function tieCalls(
  calls: readonly Call[],
  conversations: readonly Conversation[],
  looks: readonly Look[],
): TiedCalls {
  const known: Known = { open: descriptors(), claims: claimsOf(conversations, calls, looks), sockets: new Map() };
  const socketOf = new Map<number, SocketView>();
  const traced = calls.map((call, index): TracedCall => {
    const socket = socketFor(known, call);
    if (socket) socketOf.set(index, socket);
    noteClosers(known, call, index, socket);
    known.open.follow(call);
    return { ...call, index, caused: [] };
  });
  for (const [index, { conversation }] of socketOf)
    if (conversation !== undefined) (traced[index] as TracedCall).conversation = conversation;
  const sockets = [...known.sockets.values()];
  nameListeners(conversations, sockets);
  return { calls: traced, socketOf, sockets };
}
