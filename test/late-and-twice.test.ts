// A network that is late, and says things twice: what the analysis tells of it is exactly what was done.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../labctl/analysis/analyse.ts';
import { type RunLab, runLab } from './run-lab.ts';

/** Sees what client1 sends before the bridge does; sends the 2nd data segment on after the 4th, and the 3rd once more. */
const meddler = `
import socket, sys
came, goes, many = sys.argv[1], sys.argv[2], int(sys.argv[3])
taps = {name: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) for name in (came, goes)}
for name, tap in taps.items(): tap.bind((name, 3))
seen, held = 0, None
while seen < many:
    frame, address = taps[came].recvfrom(2048)
    if frame[12:14] != b'\\x08\\x00': continue
    ip = frame[14:]
    head = (ip[0] & 15) * 4
    tcp = ip[head:]
    bytes_there = int.from_bytes(ip[2:4], 'big') - head - (tcp[12] >> 4) * 4
    if address[2] == socket.PACKET_OUTGOING or ip[9] != 6 or bytes_there == 0: continue
    seen += 1
    if seen == 2: held = frame
    if seen == 3: taps[goes].send(frame)
    if seen == 4: taps[goes].send(held)
`;

const sender = `
import socket, sys
peer = socket.create_connection(('server', 5000))
peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for number in range(4): peer.send(b'%d' % number * 10)
left = 40
while left > 0: left -= len(peer.recv(left))
`;

describe('late and twice', () => {
  let lab: RunLab;
  beforeAll(async () => {
    lab = await runLab('late', 'embedded');
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it('is told as it was', async () => {
    const client = await lab.engine.host(lab.lab.name, 'client1');
    await client.exec(['sh', '-c', 'cat >/work/sender.py'], { input: sender });
    const scenario = await lab.writeSteps(
      'late',
      `  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: python3 /work/sender.py }
  - { exit: c }
`,
    );
    const wire = await lab.engine.wire(lab.lab.name, ['client1', 'server']);
    const port = (host: string) => wire.ports.find((one) => one.host === host && one.network === 'lab')?.port ?? '';
    const second = 'tcp dport 5000 ip length > 60 numgen inc mod 1000000 1 drop';
    const table = 'add table bridge late\nadd chain bridge late f { type filter hook forward priority 0; }\n';
    await wire.exec(['nft', '-f', '-'], `${table}add rule bridge late f ${second}\n`);
    const meddling = wire.exec(['python3', '-c', meddler, port('client1'), port('server'), '4']);
    const listening = 'until [ "$(grep -c " 0003 " /proc/net/packet)" -ge 2 ]; do sleep 0.01; done';
    await wire.exec(['sh', '-c', listening]);
    const { run, failure } = await lab.run(scenario);
    await meddling;
    await wire.exec(['nft', 'delete', 'table', 'bridge', 'late']);
    await wire.release();
    expect(failure).toBeUndefined();
    const { passages } = analyse(run);
    const told = passages
      .filter(({ from, tcp }) => from === 'client1' && (tcp?.length ?? 0) > 0)
      .map(({ lost, copies = [], overtakenBy, tcp }) => ({
        bytes: tcp?.relativeSeq,
        lost,
        copies: copies.length,
        overtakenBy: passages[(overtakenBy ?? 0) - 1]?.tcp?.relativeSeq,
        again: tcp?.repeats?.why?.cause,
      }));
    const well = { lost: false, copies: 0, overtakenBy: undefined, again: undefined };
    expect(told).toEqual([
      { ...well, bytes: 1 },
      { ...well, bytes: 11, overtakenBy: 21 },
      { ...well, bytes: 21, copies: 1 },
      // Linux takes one duplicate ACK for a loss (RACK, RFC 8985): it was none.
      { ...well, bytes: 11, again: 'fast-retransmission' },
      { ...well, bytes: 31 },
    ]);
  });
});
