import { describe, expect, it } from 'vitest';
import type { Conversation, TracedCall } from '../model/report.ts';
import { withPeer } from './call-peers.ts';

const conversation = (client: string, port: number): Conversation => ({
  index: 0,
  initiator: { endpoint: { address: '10.0.0.9', port }, host: client },
  responder: { endpoint: { address: '10.0.0.2', port: 5000 }, host: 'server' },
  start: 0,
  end: 0,
  bytes: { fromInitiator: 0, fromResponder: 0 },
  passages: [],
  handshake: {},
  closing: 'open',
});

const call = (name: string, host: string, index: number): TracedCall => ({
  kind: 'call',
  number: 1,
  program: host,
  host,
  pid: 7,
  at: 0,
  name,
  args: [],
  index: 0,
  caused: [],
  conversation: index,
});

describe('withPeer', () => {
  const conversations = [conversation('client1', 1), conversation('client2', 2), conversation('client2', 3)];
  it('says whose connection a server works on, with the port where the host is not enough', () => {
    expect(withPeer('recv(4)', call('recvfrom', 'server', 0), { conversations })).toBe('recv(4<client1>)');
    expect(withPeer('send(4, "x")', call('sendto', 'server', 2), { conversations })).toBe('send(4<client2:3>, "x")');
  });
  it('says nothing where it is clear', () => {
    expect(withPeer('send(3, "x")', call('sendto', 'client1', 0), { conversations })).toBe('send(3, "x")');
    expect(withPeer('accept(3)', call('accept', 'server', 0), { conversations })).toBe('accept(3)');
    const [only] = conversations;
    expect(withPeer('recv(4)', call('recvfrom', 'server', 0), { conversations: only ? [only] : [] })).toBe('recv(4)');
  });
});
