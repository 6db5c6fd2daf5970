// A lab whose network asks for IPv6: addresses of a prefix of its own, names for them, and still no way to this machine.

import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
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
  'import socket; s = socket.create_server(("::", 5000), family=socket.AF_INET6); print("listens", flush=True); s.accept()[0].sendall(b"six")';
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
