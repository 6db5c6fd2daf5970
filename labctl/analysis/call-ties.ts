// Follows the calls of all programs in order of time and ties each to its socket and the socket's conversation.

import type { Call, CallEvent } from '../model/call.ts';
import type { Look } from '../model/look.ts';
import type { Conversation, TracedCall } from '../model/report.ts';
import { type Claims, claimsOf } from './claims.ts';
import { findOwners } from './owners.ts';
import { acceptCalls, newSocket, pollCalls, receives, type SocketView, sends, socketArgument } from './sockets.ts';

export interface TiedCalls {
  calls: TracedCall[];
  /** The socket that each call works on, by the call's index. */
  socketOf: Map<number, SocketView>;
  sockets: SocketView[];
}

/** What is known while calls are followed. */
interface Known {
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
  const port = listener?.local?.port;
  if (call.address || port !== undefined) tie(socket, known.claims.accepted(call, port, call.address), false);
  if (call.address) socket.peer ??= call.address;
  if (listener && socket.conversation !== undefined) listener.domain = 'inet';
  return socket;
}

const isTransfer = (call: Call): boolean => (call.result ?? -1) >= 0 && (sends(call) || receives(call));

/** What a call changes in what is known of its socket. */
function use(socket: SocketView, call: Call, claims: Claims): void {
  const { name, address, result = -1 } = call;
  if (address && socket.domain === 'other') socket.domain = 'inet';
  if (name === 'bind' && result >= 0 && address) socket.local = address;
  if (name === 'listen' && result >= 0) socket.listening = true;
  if (address && (name === 'connect' || sends(call))) socket.peer ??= address;
  const connects = name === 'connect' && socket.type === 'stream' && socket.conversation === undefined;
  if (connects && address) tie(socket, claims.connected(call, socket.inode, address), true);
  socket.used ||= socket.type === 'stream' || name === 'bind' || isTransfer(call);
}

/** True when the call can only be about a socket, or its descriptor says so. */
const namesSocket = (call: Call): boolean =>
  ['socket', 'bind', 'listen', 'connect'].includes(call.name) ||
  [call.args[0], ...(call.name === 'splice' ? [call.args[2]] : [])].some((arg) => arg?.includes('<socket:['));

function socketFor(known: Known, call: Call): SocketView | undefined {
  if (acceptCalls.has(call.name)) return acceptSocket(known, call);
  const { host, inode } = call;
  if (inode === undefined) return undefined;
  const made = call.name === 'socket' ? 'socket' : 'unknown';
  const socket =
    known.sockets.get(`${host} ${inode}`) ?? (namesSocket(call) ? know(known, call, inode, made) : undefined);
  if (socket) use(socket, call, known.claims);
  return socket;
}

/** A poll belongs to a conversation when that is the only one among its descriptors. */
function tiePoll(call: TracedCall, { sockets }: Known): void {
  const inodes = call.args.flatMap((text) => [...text.matchAll(/<socket:\[(\d+)\]>/g)].map(([, inode]) => inode));
  const own = new Set(inodes.map((inode) => sockets.get(`${call.host} ${inode}`)?.conversation));
  own.delete(undefined);
  const [conversation] = own;
  if (own.size === 1 && conversation !== undefined) call.conversation = conversation;
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

/** Ties calls, given in order of time as the ends of processes are; conversations get the names of the programs at their ends. */
export function tieCalls(
  calls: readonly Call[],
  conversations: readonly Conversation[],
  looks: readonly Look[],
  ends: readonly CallEvent[],
): TiedCalls {
  const known: Known = { claims: claimsOf(conversations, calls, looks), sockets: new Map() };
  const socketOf = new Map<number, SocketView>();
  const traced = calls.map((call, index): TracedCall => {
    const socket = socketFor(known, call);
    if (socket) socketOf.set(index, socket);
    socket?.calls.push(index);
    return { ...call, index, caused: [] };
  });
  for (const [index, { conversation, peer }] of socketOf) {
    const call = traced[index] as TracedCall;
    if (conversation === undefined) continue;
    call.conversation = conversation;
    // Not every program asks accept() whose connection it took.
    if (acceptCalls.has(call.name) && peer) call.address ??= peer;
  }
  for (const call of traced) if (pollCalls.has(call.name)) tiePoll(call, known);
  const sockets = [...known.sockets.values()];
  nameListeners(conversations, sockets);
  findOwners(calls, ends, known.sockets, socketOf);
  return { calls: traced, socketOf, sockets };
}
