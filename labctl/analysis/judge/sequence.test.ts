import { describe, expect, it } from 'vitest';
import { packets, type RunParts } from '../testing.ts';
import { verdictOn } from './testing.ts';

const ports = Array.from({ length: 14 }, (_, index) => 41_000 + index);
const hosts = ['server', 'client1', 'client2', 'client3'];
const clients = hosts.slice(1);

/** Every client opens connections one after the other; none is ever reset. */
const many: RunParts = {
  hosts,
  packets: packets(
    ports
      .flatMap((port, index) =>
        clients.map(
          (client, place) => `0.${200 + index}${place}00 ${client} > server ${port}>5000 S seq 0 id ${index + 1}`,
        ),
      )
      .join('\n'),
  ),
};

describe('a sequence', () => {
  it('goes back when the first conversation that fits does not lead on', () => {
    const run: RunParts = {
      packets: packets(`
        0.1 client1 > server 41000>5000 P. seq 1 ack 1 length 5 id 1
        0.2 client1 > server 41001>5000 P. seq 1 ack 1 length 5 id 2
        0.3 server > client1 5000>41001 R. seq 1 ack 6`),
    };
    const lines = ['client1 > server.5000 P.', 'server.5000 > client1 R.'];
    expect(verdictOn({ segments: lines }, run)).toMatchObject({
      verdict: 'met',
      proofs: [{ passage: 2 }, { passage: 3 }],
    });
    // The port said once is enough: both lines speak of the same two hosts.
    expect(verdictOn({ segments: ['client1 > server.5000 P.', 'server > client1 R.'] }, run).proofs).toHaveLength(2);
  });

  it('stays in a conversation whose ends are written with and without the port', () => {
    const run: RunParts = {
      packets: packets(`
        0.1 client1 > server 41000>5000 P. seq 1 ack 1 length 5 id 1
        0.2 client1 > server 41001>5000 F. seq 1 ack 1 id 2`),
    };
    expect(verdictOn({ segments: ['client1 > server.5000 P.', 'client1 > server F.'] }, run).verdict).toBe('unmet');
  });

  it('is found or not without trying all ways through many conversations', () => {
    const syns = ports.slice(0, 12).flatMap(() => clients.map((client) => `${client} > server.5000 S`));
    expect(verdictOn({ segments: syns }, many).verdict).toBe('met');
    expect(verdictOn({ segments: [...syns, 'server.5000 > client1 R.'] }, many).verdict).toBe('unmet');
    const timed = syns.map((line, index) => (index === 0 ? line : `+<200ms ${line}`));
    expect(verdictOn({ segments: [...timed, 'server.5000 > client1 R.'] }, many).verdict).toBe('unmet');
  });
});
