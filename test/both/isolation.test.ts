import { once } from 'node:events';
import { createConnection, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Host } from '../../labctl/engine/engine.ts';
import { type TestLab, testLab } from '../engine-lab.ts';
import { byEngine, openEngine } from '../engine-under-test.ts';

let engine: Engine;
let test: TestLab;
let hosts: Host[];
beforeAll(async () => {
  engine = await openEngine();
  test = testLab(engine, 'isolation');
  await engine.build(test.lab);
  await engine.up(test.lab);
  hosts = await Promise.all(test.lab.hosts.map(({ name }) => engine.host(test.lab.name, name)));
});
afterAll(() => test[Symbol.asyncDispose]());

const connect = (address: string, port: number): string[] => [
  'timeout',
  '4',
  'bash',
  '-c',
  `exec 3<>/dev/tcp/${address}/${port}`,
];

/** Every address under which this machine might answer: its own, and each lab network's first, Docker's gateway. */
async function machineAddresses(): Promise<string[]> {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
  const lab = await engine.find(test.lab.name);
  const gateways = (lab?.networks ?? []).map(({ subnet }) =>
    subnet.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1)),
  );
  expect(gateways).toHaveLength(2);
  return [...new Set([...own, ...gateways])];
}

const capabilities = async (host: Host | undefined, user: string) =>
  (await host?.exec(['grep', '-E', 'CapEff|NoNewPrivs', '/proc/self/status'], { user }))?.stdout;

const read = async (host: Host | undefined, script: string) => (await host?.exec(['sh', '-c', script]))?.stdout.trim();

describe('a service of this machine on 0.0.0.0', () => {
  const accepted: string[] = [];
  let server: Server;
  beforeAll(async () => {
    server = createServer((socket) => {
      accepted.push(socket.remoteAddress ?? '');
      socket.destroy();
    }).listen(0, '0.0.0.0');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.close();
  });

  it('is reached by no host, at no address', async () => {
    const bound = server.address();
    const port = typeof bound === 'object' && bound ? bound.port : 0;
    const addresses = await machineAddresses();
    const tries = hosts.flatMap((host) => addresses.map((address) => host.exec(connect(address, port))));
    expect((await Promise.all(tries)).map(({ exitCode }) => exitCode)).not.toContain(0);
    expect(accepted).toEqual([]);
    await once(createConnection(port, '127.0.0.1').resume(), 'close');
    expect(accepted).toEqual(['127.0.0.1']);
  });
});

describe('a host', () => {
  const [server, client1, client2] = [0, 1, 2];

  it('reaches its neighbours by name, on the networks that they share', async () => {
    const listen = 'import socket; s = socket.create_server(("", 7000)); print(1, flush=True); s.accept()';
    const program = await hosts[server]?.spawn(['python3', '-c', listen]);
    await program?.output[Symbol.asyncIterator]().next();
    expect(await hosts[client1]?.exec(connect('server', 7000))).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await program?.exitCode).toBe(0);
    const side = (await hosts[client2]?.interfaces())?.find(({ network }) => network === 'side')?.address ?? '';
    expect(await hosts[server]?.exec(connect(side, 7000))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Connection refused'),
    });
    // Older engines give hosts a way to an address where nobody is, newer ones none.
    const nowhere = /No route to host|Network is unreachable/;
    expect((await hosts[client1]?.exec(connect(side, 7000)))?.stderr).toMatch(nowhere);
  });

  it('has the sysctls, limits and read-only root of the file', async () => {
    expect(await read(hosts[server], 'cat /proc/sys/net/ipv4/tcp_syn_retries')).toBe('3');
    expect(await read(hosts[server], 'hostname')).toBe('server');
    expect(await read(hosts[server], 'touch /usr/x 2>&1')).toContain('Read-only file system');
    expect(await read(hosts[server], 'cp /bin/true /work/run && /work/run && echo ran')).toBe('ran');
    expect(await read(hosts[server], 'cat /proc/1/comm')).toBe(byEngine({ docker: 'docker-init', embedded: 'bwrap' }));
  });

  it('gives root what recording needs, and programs nothing', async () => {
    // KILL 5, SETGID 6, SETUID 7, NET_ADMIN 12, NET_RAW 13, SYS_PTRACE 19: capability(7), linux/capability.h.
    const rights = byEngine({ docker: [5, 6, 7, 12, 13], embedded: [5, 12, 13, 19] });
    const recording = rights.reduce((mask, bit) => mask + 2 ** bit, 0);
    expect(await capabilities(hosts[server], '0')).toBe(
      `CapEff:\t${recording.toString(16).padStart(16, '0')}\nNoNewPrivs:\t1\n`,
    );
    expect(await capabilities(hosts[server], '1000')).toBe(`CapEff:\t${'0'.repeat(16)}\nNoNewPrivs:\t1\n`);
  });

  /** Processes that a signal or a tracer of this user can reach, and no `ps` here shows. */
  const reach = `
import ctypes, os
call = ctypes.CDLL(None, use_errno=True)
SEIZE, DETACH = 0x4206, 17
def sees(pid): return os.path.exists(f'/proc/{pid}')
def signals(pid):
    try: os.kill(pid, 0); return True
    except OSError as error: return error.errno != 3
def traces(pid):
    if call.ptrace(SEIZE, pid, None, None) != 0: return ctypes.get_errno() != 3
    call.ptrace(DETACH, pid, None, None)
    return True
numbers = range(1, 4096)
print([pid for pid in numbers if not sees(pid) and signals(pid)],
      [pid for pid in numbers if not sees(pid) and traces(pid)])
`;

  it.each(['1000', '0'])('reaches no process but its own, as user %s', async (user) => {
    const neighbour = await hosts[server]?.spawn(['sleep', '76543']);
    const seen = async (host: number) => (await hosts[host]?.exec(['ps', '-eo', 'args']))?.stdout ?? '';
    await expect.poll(() => seen(server)).toMatch(/^sleep 76543$/m);
    expect(await seen(client1)).not.toContain('76543');
    expect((await hosts[client1]?.exec(['python3', '-c', reach], { user }))?.stdout).toBe('[] []\n');
    await hosts[server]?.exec(['pkill', '-f', '^sleep 76543']);
    expect(await neighbour?.exitCode).toBe(143);
  });

  it('shares no socket without an address in the file system with its neighbours or this machine', async () => {
    const [ours, theirs] = ['\0labctl-test-machine', '\0labctl-test-host'];
    const machine = createServer((socket) => socket.destroy()).listen({ path: ours });
    await once(machine, 'listening');
    const listen =
      "import socket; s = socket.socket(socket.AF_UNIX); s.bind('\\0labctl-test-host'); s.listen(); print(1, flush=True); s.accept()";
    const program = await hosts[server]?.spawn(['python3', '-c', listen]);
    await program?.output[Symbol.asyncIterator]().next();
    const open = (name: string) => `import socket; socket.socket(socket.AF_UNIX).connect('\\0${name.slice(1)}')`;
    const refused = { exitCode: 1, stderr: expect.stringContaining('ConnectionRefusedError') };
    for (const name of [ours, theirs])
      expect(await hosts[client1]?.exec(['python3', '-c', open(name)])).toMatchObject(refused);
    await expect(once(createConnection({ path: theirs }), 'connect')).rejects.toThrow('ECONNREFUSED');
    expect(await hosts[server]?.exec(['python3', '-c', open(theirs)])).toMatchObject({ exitCode: 0 });
    machine.close();
  });
});
