// A lab whose network asks for IPv6: addresses of a prefix of its own, names for them, and still no way to this machine.

import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { WireRules } from '../../labctl/run/wire.ts';
import { type RunLab, runLab } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('ipv6', undefined, (text) =>
    text.replaceAll('internal: true', 'internal: true\n  enable_ipv6: true'),
  );
});
afterAll(() => lab[Symbol.asyncDispose]());

const host = (name: string) => lab.engine.host(lab.lab.name, name);
const listen =
  'import socket; s = socket.create_server(("::", 5000), family=socket.AF_INET6); print("listens", flush=True); peer = s.accept()[0]; peer.sendall(b"six")';
const call =
  'import socket; print(socket.create_connection((socket.getaddrinfo("server", 5000, socket.AF_INET6)[0][4][0], 5000)).recv(9).decode())';
/** An ICMPv6 echo request to all nodes of eth0, and who answers it within a second. */
const echoToAll = `
import socket, struct, time
asker = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM, socket.IPPROTO_ICMPV6)
asker.sendto(struct.pack(">BBHHH", 128, 0, 0, 0, 1), ("ff02::1", 0, 0, socket.if_nametoindex("eth0")))
end = time.time() + 1
while time.time() < end:
    asker.settimeout(max(0.01, end - time.time()))
    try: print(asker.recvfrom(99)[1][0])
    except socket.timeout: pass
`;

it('has its conversations over IPv6, by the hosts’ names', async () => {
  const steps = `  - { start: s, on: server, run: [python3, -c, '${listen}'], until: { listens: 5000 } }
  - { start: c, on: client1, run: [python3, -c, '${call}'] }
  - { answer: six, from: c }
  - { exit: c, code: 0 }
`;
  const run = await lab.run(await lab.writeSteps('six', steps));
  expect(run.record.outcome).toBe('complete');
  const report = analyse(run.run);
  const [conversation] = report.conversations;
  const ula = expect.stringMatching(/^fd[0-9a-f]{2}:/);
  expect(report.conversations).toHaveLength(1);
  expect(conversation?.initiator).toMatchObject({ host: 'client1', endpoint: { address: ula } });
  expect(conversation?.responder).toMatchObject({ host: 'server', endpoint: { address: ula, port: 5000 } });
});

it('gives a name’s addresses of both families, IPv6 first', async () => {
  const { stdout } = await (await host('client1')).exec(['getent', 'ahosts', 'server']);
  const addresses = [
    ...new Set(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/)[0]),
    ),
  ];
  expect(addresses[0]).toMatch(/^fd/);
  expect(addresses.some((address) => address?.startsWith('10.') === true)).toBe(true);
});

it('tells the addresses that there are: of each host one a family and network, none of them twice', async () => {
  const running = await lab.engine.find(lab.lab.name);
  const all = (running?.hosts ?? []).flatMap(({ addresses }) => addresses.map(({ address }) => address));
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((address) => address.startsWith('fd'))).toHaveLength(all.length / 2);
  expect(running?.networks.every(({ subnet6 }) => subnet6?.startsWith('fd'))).toBe(true);
  const [first] = (await (await host('server')).interfaces()).map(({ address6 }) => address6);
  expect(all).toContain(first);
});

it('leads nowhere: a service of this machine on :: is reached at none of its addresses', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '::');
  await once(server, 'listening');
  const port = (server.address() as { port: number }).port;
  const networks = (await lab.engine.find(lab.lab.name))?.networks ?? [];
  const machine = networks.map(({ subnet6 = '' }) => subnet6.replace('::/64', '::1'));
  const script = 'import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)';
  const tries = machine.map(async (address) =>
    (await host('server')).exec(['python3', '-c', script, address, String(port)]),
  );
  expect((await Promise.all(tries)).map(({ exitCode }) => exitCode)).not.toContain(0);
  // All nodes of the link answer (RFC 4291, section 2.7.1): the hosts on it, and nobody else.
  const { stdout } = await (await host('server')).exec(['python3', '-c', echoToAll]);
  const answered = new Set(stdout.trim().split('\n'));
  const [first] = lab.lab.networks;
  const onLink = lab.lab.hosts.filter(({ attachments }) => attachments.some(({ network }) => network === first?.name));
  expect(answered.size).toBe(onLink.length);
  await once(createConnection(port, '::1').resume(), 'close');
  server.close();
});

it('loses packets of IPv6 by what they mean, and spares neighbour discovery', async () => {
  for (const name of ['server', 'client1'])
    await (await host(name)).exec(['ip', '-6', 'neigh', 'flush', 'dev', 'eth0'], { user: '0' });
  const line = (text: string): string => `  - { type: ${text}, into: c }\n  - { answer: ${text}, from: c }\n`;
  const burst = `import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); [s.sendto(b"%d" % i, ("server", 5001)) for i in range(12)]`;
  const { run } = await lab.run(
    await lab.writeSteps(
      'six-lossy',
      `  - { start: s, on: server, run: server6 5006, until: { listens: 5006 } }
  - wire: [{ rule: all, drop: packet, from: server, to: client1, nth: 1 }]
  - { start: c, on: client1, run: client6 server 5006, until: { prints: connected to } }
  - wire: [{ rule: acks, drop: ack, from: server, to: client1, for: 500ms }]
${line('a')}${line('d')}  - wire: [{ rule: one, drop: data, from: client1, to: server, port: 5006, nth: 2 }]
${line('b')}${line('c')}  - wire: [{ cut: client1 }]
  - { type: e, into: c }
  - { silence: 300ms, from: c }
  - wire: [{ heal: client1 }]
  - { answer: e, from: c }
  - { start: u, on: client1, run: [python3, -c, '${burst}'] }
  - { exit: u }
  - { close: c }
  - { exit: c }
wire:
  - { rule: some, drop: udp, from: client1, random: { percent: 20, seed: 7 } }
`,
    ),
  );
  expect(run.events.filter(({ kind }) => kind === 'step-failed')).toEqual([]);
  const report = analyse(run);
  const lost = (rule: string) =>
    report.passages.filter((one) => one.lost && one.takenBy?.rule === rule).map(({ tcp, udp }) => tcp?.flags ?? udp);
  // Were neighbour discovery counted, its answer to the client would have been the first.
  expect([lost('all'), lost('one')]).toEqual([['S.'], ['P.']]);
  expect(new Set(lost('acks'))).toEqual(new Set(['.']));
  expect(lost('cut-client1')).toContain('P.');
  // The places of seed 7 below 12: the third alone.
  expect(lost('some')).toHaveLength(1);
  for (const passage of report.passages.filter((one) => one.lost)) expect(passage.takenBy).toBeDefined();
  expect(report.run.wire?.map(({ hit }) => hit > 0)).toEqual([true, true, true, true, true]);
});

it('holds a host to a rate over IPv6 too', async () => {
  const bytes = 'head -c 50000 /dev/zero | client6 server 5007';
  const steps = `  - { start: s, on: server, run: server6 5007, until: { listens: 5007 } }
  - { start: c, on: client1, run: [sh, -c, "${bytes}"] }
  - { exit: c, code: 0, within: 30s }
wire:
  - { rule: slow, rate: 1mbit, to: server, queue: 2s }
`;
  const { run } = await lab.run(await lab.writeSteps('six-slow', steps));
  const report = analyse(run);
  const [conversation] = report.conversations;
  expect(conversation?.initiator.endpoint.address).toMatch(/^fd/);
  // 50,000 bytes, less what the bucket holds at first, at 125,000 bytes a second.
  expect(((conversation?.end ?? 0) - (conversation?.start ?? 0)) / 1e6).toBeGreaterThan(0.3);
  expect(report.run.wire?.[0]?.hit).toBeGreaterThan(30);
});

it('knows a data segment and an ACK behind extension headers', async () => {
  const steps = '  - { start: s, on: server, run: server6, until: { listens: 5000 } }\n';
  const kinds = ['syn', 'data', 'ack', 'fin', 'packet'].map(
    (kind) => `  - { rule: ${kind}, drop: ${kind}, from: client1, nth: 999 }\n`,
  );
  const scenario = await lab.writeSteps('six-extended', `${steps}wire:\n${kinds.join('')}`);
  const rules = await WireRules.open(lab.engine, lab.lab.name, scenario);
  for (const rule of scenario.wire ?? []) await rules?.change(rule, () => undefined);
  const reads = `${listen}; peer.recv(9); peer.recv(9)`;
  const server = await (await host('server')).spawn(['python3', '-c', reads]);
  await server.output[Symbol.asyncIterator]().next();
  // Destination options of eight bytes: padding (RFC 8200, section 4.6). Only root may ask for them.
  const options = `
import socket
asker = socket.socket(socket.AF_INET6)
asker.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, bytes([0, 0, 1, 4, 0, 0, 0, 0]))
asker.connect(("server", 5000, 0, 0))
asker.recv(9)
asker.sendall(b"12345")
asker.shutdown(socket.SHUT_WR)
asker.recv(9)
`;
  const client = await (await host('client1')).exec(['python3', '-c', options], { user: '0' });
  expect(client.stderr).toBe('');
  const counts = Object.fromEntries((await rules?.counts())?.map(({ rule, passed }) => [rule, passed]) ?? []);
  await rules?.release();
  expect(counts).toMatchObject({ syn: 1, data: 1, fin: 1 });
  // One for the SYN-ACK, and one at least for what came.
  expect(counts['ack']).toBeGreaterThan(1);
  expect(counts['packet']).toBe(3 + (counts['ack'] ?? 0));
  await server.exitCode;
});
