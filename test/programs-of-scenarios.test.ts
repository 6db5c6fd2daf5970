// The programs that scenarios need beside server and client, run over loopback: poll-server, slow-server, messages.

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { answer, connected, ended, listening, start, withPrograms } from './installed-programs.ts';

withPrograms();

describe('poll-server', () => {
  it('serves three clients at once, in whatever order they speak and leave', async () => {
    const { server, port } = await listening('poll-server');
    await using _ = server;
    const clients = [await connected(port), await connected(port), await connected(port)];
    for (const line of ['un', 'deux']) for (const client of clients.toReversed()) await answer(client, line);
    const [first, second, third] = clients;
    second?.endInput();
    expect(await second?.end()).toBe(0);
    await server.until(/^127\.0\.0\.1:\d+ closed, 8 bytes echoed$/m);
    for (const client of [third, first]) {
      if (client) await answer(client, 'trois');
      client?.endInput();
      expect(await client?.end()).toBe(0);
    }
    await server.until(/connected, 3 at once\n(?:.*closed, \d+ bytes echoed\n){3}$/);
  });

  it('does not wait for a client that sends and never reads', async () => {
    const { server, port } = await listening('poll-server');
    await using _ = server;
    const deaf = connect(Number(port), '127.0.0.1').pause();
    const much = Buffer.alloc(64 * 1024 * 1024, 'x');
    deaf.write(much); // more than all buffers between the two hold
    await using client = await connected(port);
    await answer(client, 'bonjour');
    let back = 0;
    deaf.on('data', (bytes: Buffer) => (back += bytes.length)).resume();
    await expect.poll(() => back, { timeout: 20_000 }).toBe(much.length);
    deaf.resetAndDestroy();
    await server.until(/recv from 127\.0\.0\.1:\d+: Connection reset by peer/);
    await answer(client, 'encore');
  });

  it('closes all its sockets on SIGTERM and ends with 0', async () => {
    const { server, port } = await listening('poll-server');
    await using client = await connected(port);
    await answer(client, 'bonjour');
    server.signal('SIGTERM');
    expect(await server.end()).toBe(0);
    expect(await client.end()).toBe(0);
    expect(server.stdout).toMatch(/closed, 8 bytes echoed\nstopped listening on 127\.0\.0\.1:\d+\n$/);
  });
});

describe('slow-server', () => {
  it('reads once for each Enter, what is there, and at last to the end', async () => {
    const { server, port } = await listening('slow-server', '--piece', '12');
    await using _ = server;
    await using client = await connected(port);
    client.type('un\n');
    await server.until(/connected/);
    server.type('\n');
    await server.until(/^recv\(\) gave 3 bytes$/m);
    client.type('beaucoup plus long\n');
    server.type('\n');
    await server.until(/^recv\(\) gave 12 bytes$/m);
    client.endInput();
    server.type('all\n');
    expect([await server.end(), await client.end()]).toEqual([0, 0]);
    expect(server.stdout).toMatch(/\n22 bytes in 3 recv\(\) calls, to the end\n$/);
  });

  it('lets a client wait that sends more than the buffers hold', async () => {
    const { server, port } = await listening('slow-server', '--buffer', '4096', '--late-acks');
    await using _ = server;
    await using client = start('client', '--send', '9000000', '127.0.0.1', port);
    await server.until(/connected/);
    expect(client.stdout).not.toContain('letters sent');
    server.type('all\n');
    await client.until(/^9000000 letters sent$/m);
    client.endInput();
    expect(await server.end()).toBe(0);
    expect(server.stdout).toMatch(/^9000000 bytes in \d+ recv/m);
  });
});

describe('messages', () => {
  it.each([[], ['--nodelay']])('sends five for each Enter over TCP %s', async (...options) => {
    const { server, port } = await listening('slow-server');
    await using _ = server;
    await using client = start('messages', ...options, '127.0.0.1', port);
    client.type('\n\n');
    await client.until(/(?:5 messages sent, of 10 bytes each\n){2}/);
    client.endInput();
    server.type('all\n');
    expect([await client.end(), await server.end()]).toEqual([0, 0]);
    expect(server.stdout).toMatch(/^100 bytes in /m);
  });

  it('sends five datagrams, which stay apart', async () => {
    const { server, port } = await listening('udp-server');
    await using _ = server;
    await using client = start('messages', '--udp', '127.0.0.1', port);
    client.type('\n');
    await server.until(/(?:.* <- .* 10 bytes\n){5}/);
    client.endInput();
    expect(await client.end()).toBe(0);
  });
});

describe('udp-client', () => {
  it('learns with --connect that nobody has the port', async () => {
    const { server, port } = await listening('udp-server');
    server.signal('SIGTERM');
    expect(await server.end()).toBe(0);
    await using told = start('udp-client', '--connect', '127.0.0.1', port);
    told.type('personne ?\n');
    await told.until(/^udp-client: recvfrom: Connection refused$/m);
  });
});

describe('options', () => {
  it.each([
    ['poll-server', '--colour'],
    ['poll-server', '65536'],
    ['poll-server', '--bind', 'localhost'],
    ['slow-server', '--piece', '0'],
    ['slow-server', '--buffer', 'large'],
    ['slow-server', '5000', '5001'],
    ['messages', '--nodelay', '--udp'],
    ['messages', '--colour'],
    ['messages', 'localhost', '0'],
    ['udp-client', '--patience', '0'],
  ] as [string, ...string[]][])('%s refuses %s %s', async (...argv) => {
    const { code, stdout, stderr } = await ended(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${argv[0]}: |try --help`));
  });
});
