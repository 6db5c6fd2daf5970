// Random losses both ways: what the analysis says of each packet adds up to what the wire and the kernels counted.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../labctl/analysis/analyse.ts';
import type { Counters } from '../labctl/model/look.ts';
import type { RepetitionCause, Report } from '../labctl/model/report.ts';
import { type RunLab, runLab } from './run-lab.ts';

const receiver = `
import socket
door = socket.socket()
door.bind(('', 5000))
door.listen(5)
peer, total = door.accept()[0], 0
while True:
    got = peer.recv(65536)
    if not got: break
    total += len(got)
    peer.send(b'%d\\n' % total)
`;

const sender = `
import socket, threading
peer = socket.create_connection(('server', 5000))
def read():
    while peer.recv(65536): pass
reader = threading.Thread(target=read)
reader.start()
for number in range(150): peer.send(bytes([number]) * 1000)
peer.shutdown(socket.SHUT_WR)
reader.join()
`;

const counterOf: Record<RepetitionCause, string> = {
  timeout: 'TcpExtTCPTimeouts',
  'tail-loss-probe': 'TcpExtTCPLossProbes',
  'fast-retransmission': 'TcpExtTCPFastRetrans',
  'slow-start': 'TcpExtTCPSlowStartRetrans',
};

/** How much each counter of a host rose from the first look to the last. */
function risen({ looks }: Report, host: string): Counters {
  const own = looks.filter((look) => look.host === host);
  const [first, last] = [own[0]?.counters ?? {}, own.at(-1)?.counters ?? {}];
  return Object.fromEntries(Object.entries(last).map(([name, value]) => [name, value - (first[name] ?? 0)]));
}

describe('random losses', () => {
  let lab: RunLab;
  beforeAll(async () => {
    lab = await runLab('random', 'embedded');
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it.each([3, 11, 42])('add up (seed %s)', async (seed) => {
    const [server, client] = await Promise.all(
      ['server', 'client1'].map((host) => lab.engine.host(lab.lab.name, host)),
    );
    await server?.exec(['sh', '-c', 'cat >/work/receiver.py'], { input: receiver });
    await client?.exec(['sh', '-c', 'cat >/work/sender.py'], { input: sender });
    const scenario = await lab.writeSteps(
      `random-${seed}`,
      `  - { start: s, on: server, run: python3 /work/receiver.py, until: { listens: 5000 } }
  - { start: c, on: client1, run: python3 /work/sender.py }
  - { exit: c, within: 60s }
  - { exit: s, within: 60s }
wire:
  - { rule: there, drop: packet, from: client1, to: server, random: { percent: 10, seed: ${seed} } }
  - { rule: back, drop: packet, from: server, to: client1, random: { percent: 10, seed: ${seed + 1} } }
`,
    );
    const { run, failure } = await lab.run(scenario);
    expect(failure).toBeUndefined();
    const report = analyse(run);
    expect(run.record.drops.filter(({ dropped }) => dropped > 0)).toEqual([]);
    // One may still be lost once the captures are over.
    for (const { rule, hit } of run.record.wire ?? []) {
      const host = rule === 'there' ? 'client1' : 'server';
      const lost = report.passages.filter(({ lost: gone, from }) => gone && from === host);
      expect([rule, hit - lost.length]).toEqual([rule, expect.toBeOneOf([0, 1])]);
    }
    const repeated = report.passages.filter(({ tcp }) => tcp?.repeats);
    let proven = 0;
    for (const host of ['client1', 'server']) {
      const rises = risen(report, host);
      const own = repeated.filter(({ from }) => from === host);
      // One may be sent again after the last look.
      expect([host, own.length - (rises['TcpRetransSegs'] ?? 0)]).toEqual([host, expect.toBeOneOf([0, 1])]);
      for (const [cause, counter] of Object.entries(counterOf)) {
        const named = own.filter(({ tcp }) => tcp?.repeats?.why?.cause === cause);
        proven += named.length;
        expect([host, cause, named.length <= (rises[counter] ?? 0) + 1]).toEqual([host, cause, true]);
      }
    }
    // The rest is told as “again, after …”: a SYN-ACK that answers a repeated SYN, or counters that leave a doubt.
    expect(proven).toBeGreaterThan(0);
  });
});
