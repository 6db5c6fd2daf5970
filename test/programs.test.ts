// The TCP servers of the lab hosts and their client, run over loopback.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answer, connected, ended, listening, start, withPrograms } from './installed-programs.ts';

withPrograms();

/** One letter a child, as ps writes STAT: `Z` is a zombie. */
function children(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'stat=', '--ppid', String(pid)], { encoding: 'utf8' }).replace(/(\w).*\n/g, '$1');
  } catch {
    return ''; // ps fails when it has nothing to show
  }
}

const childrenBecome = (pid: number, letters: string) =>
  expect.poll(() => children(pid), { timeout: 20_000 }).toBe(letters);

describe.each(['server', 'server2'])('%s', (name) => {
  it('echoes every line and names both endpoints, and so does the client', async () => {
    await using server = (await listening(name)).server;
    const [, port = ''] = await server.until(/ on 127\.0\.0\.1:(\d+)/);
    await using client = await connected(port);
    const [, own = ''] = await client.until(/^127\.0\.0\.1:(\d+) -> 127\.0\.0\.1:\d+ connected$/m);
    await answer(client, 'bonjour');
    await answer(client, 'encore');
    client.endInput();
    expect(await client.end()).toBe(0);
    expect(client.stdout).toBe(
      `127.0.0.1:${own} -> 127.0.0.1:${port} connected\nbonjour\nencore\n127.0.0.1:${own} -> 127.0.0.1:${port} closed\n`,
    );
    await server.until(new RegExp(`^127.0.0.1:${port} <- 127.0.0.1:${own} connected$`, 'm'));
    await server.until(new RegExp(`^127.0.0.1:${port} <- 127.0.0.1:${own} closed, 15 bytes echoed$`, 'm'));
  });

  it('gives a million bytes back unchanged, whatever they are', async () => {
    const { server, port } = await listening(name);
    await using _ = server;
    await using client = await connected(port);
    const sent = randomBytes(1_000_000);
    client.type(sent);
    client.endInput();
    expect(await client.end()).toBe(0);
    const begin = client.bytes.indexOf('\n') + 1;
    expect(sent.equals(client.bytes.subarray(begin, begin + sent.length))).toBe(true);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('closes its listener on %s and ends with 0', async (signal) => {
    const { server, port } = await listening(name);
    await using _ = server;
    server.signal(signal);
    expect(await server.end()).toBe(0);
    expect(server.stdout).toContain(`stopped listening on 127.0.0.1:${port}\n`);
  });

  it('gives letters back that a client sends at once, and the client counts them', async () => {
    const { server, port } = await listening(name);
    await using _ = server;
    await using client = start('client', '--send', '14000', '127.0.0.1', port);
    await client.until(/^14000 letters sent\n14000 letters came back$/m);
    await answer(client, 'bonjour');
    client.endInput();
    expect(await client.end()).toBe(0);
    expect(client.stdout).not.toContain('abc');
  });

  it('ends on SIGTERM with a client connected, and the client notices', async () => {
    const { server, port } = await listening(name);
    await using _ = server;
    await using client = await connected(port);
    await answer(client, 'bonjour');
    server.signal('SIGTERM');
    expect(await server.end()).toBe(0);
    expect(await client.end()).toBe(0);
    expect(client.stdout).toMatch(/closed by the server\n$/);
  });

  it('never misses a SIGTERM, however early it comes', async () => {
    for (let round = 0; round < 20; round++) {
      const { server } = await listening(name);
      server.signal('SIGTERM');
      expect(await server.end()).toBe(0);
    }
  });

  it('reports a client that aborts and serves the next', async () => {
    const { server, port } = await listening(name);
    await using _ = server;
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('bonjour');
    socket.once('data', () => socket.resetAndDestroy());
    await server.until(/recv from 127\.0\.0\.1:\d+: Connection reset by peer/);
    await using client = await connected(port);
    await answer(client, 'suivant');
  });

  it('says which call failed on which endpoint', async () => {
    const { server, port } = await listening(name);
    await using _ = server;
    const busy = await ended(name, port, '--bind', '127.0.0.1', '--reuse');
    expect(busy).toMatchObject({ code: 1, stderr: `${name}: bind 127.0.0.1:${port}: Address already in use\n` });
    const foreign = await ended(name, '0', '--bind', '192.0.2.1');
    expect(foreign).toMatchObject({ code: 1, stderr: `${name}: bind 192.0.2.1:0: Cannot assign requested address\n` });
  });

  it('needs --reuse to take a port back from a connection in TIME-WAIT', async () => {
    const { server, port } = await listening(name, '--reuse');
    await using client = await connected(port);
    await answer(client, 'bonjour');
    server.signal('SIGTERM'); // closes first, so TIME-WAIT stays on this side
    await Promise.all([server.end(), client.end()]);
    const refused = await ended(name, port, '--bind', '127.0.0.1');
    expect(refused.stderr).toContain('Address already in use');
    await using again = start(name, port, '--bind', '127.0.0.1', '--reuse', '--backlog', '1');
    await again.until(/backlog 1\n/);
  });
});

describe('server', () => {
  it('leaves a second client waiting, connected, until the first has gone', async () => {
    const { server, port } = await listening('server');
    await using _ = server;
    await using first = await connected(port);
    await answer(first, 'premier');
    await using second = await connected(port);
    second.type('moi\naussi\n');
    await answer(first, 'encore');
    expect(second.stdout).not.toContain('moi');
    first.endInput();
    await second.until(/^moi\naussi$/m);
    expect(server.stdout).toMatch(/connected\n.*closed, 15 bytes echoed\n.*connected\n$/);
  });
});

describe('server --keepalive', () => {
  it('asks silent clients, as /proc/net/tcp shows by the timer of its connection', async () => {
    const { server, port } = await listening('server', '--keepalive');
    await using _ = server;
    await using client = await connected(port);
    await answer(client, 'bonjour');
    const row = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .find((line) => line.includes(`:${Number(port).toString(16).toUpperCase().padStart(4, '0')} 0100007F:`));
    // sl local remote state tx:rx timer:when: 02 is keep-alive (Documentation/networking/proc_net_tcp.rst).
    expect(row?.trim().split(/\s+/)[5]).toMatch(/^02:/);
  });
});

describe('rude-client', () => {
  it('leaves with a RST, which the server reports', async () => {
    const { server, port } = await listening('server');
    await using _ = server;
    await using client = start('rude-client', '127.0.0.1', port);
    await answer(client, 'bonjour');
    client.endInput();
    expect(await client.end()).toBe(0);
    expect(client.stdout).toBe('connected\nbonjour\naborted\n');
    await server.until(/recv from 127\.0\.0\.1:\d+: Connection reset by peer/);
  });

  it('talks on to a server that has closed, until send() fails', async () => {
    const { server, port } = await listening('server');
    await using client = start('rude-client', '127.0.0.1', port);
    await answer(client, 'bonjour');
    server.signal('SIGTERM');
    expect(await server.end()).toBe(0);
    client.type('encore\n');
    await client.until(/no answer: the server has closed/);
    client.type('allo\n');
    expect(await client.end()).toBe(1);
    expect(client.stderr).toBe('rude-client: send: Broken pipe\n');
  });
});

describe('server2', () => {
  it('serves three clients at once, each by a process that is reaped', async () => {
    const { server, port } = await listening('server2');
    await using _ = server;
    const clients = [await connected(port), await connected(port), await connected(port)];
    for (const line of ['un', 'deux']) for (const client of clients) await answer(client, line);
    expect(children(server.pid)).toBe('SSS');
    for (const client of clients) client.endInput();
    for (const client of clients) expect(await client.end()).toBe(0);
    await childrenBecome(server.pid, '');
  });

  it('leaves zombies with --no-reap', async () => {
    const { server, port } = await listening('server2', '--no-reap');
    await using _ = server;
    for (let round = 0; round < 2; round++) await ended('client', '127.0.0.1', port);
    await childrenBecome(server.pid, 'ZZ');
  });
});
