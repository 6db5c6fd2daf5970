// What `make install` puts into a lab host, what every program answers to wrong use, and the connectionless twins.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ended, images, listening, programs, root, start, withPrograms } from './installed-programs.ts';

withPrograms();

describe('make install', () => {
  it('puts the programs of both folders, their sources and one Makefile in place', () => {
    expect(readdirSync(join(root, 'usr/local/bin'))).toEqual([...programs, 'lab-host'].sort());
    const sources = readdirSync(join(root, 'usr/local/src/labctl'));
    expect(sources).toEqual(['Makefile', ...programs.map((name) => `${name}.c`)].sort());
  });

  it('installs the same from either folder', () => {
    const other = join(root, 'other');
    execFileSync('make', ['-C', join(images, 'client'), 'install', `DESTDIR=${other}`]);
    for (const folder of ['usr/local/bin', 'usr/local/src/labctl'])
      expect(readdirSync(join(other, folder))).toEqual(readdirSync(join(root, folder)));
  });

  it('lets addr2line name the sources where they lie in a host', () => {
    const symbols = execFileSync('nm', [join(root, 'usr/local/bin/server')], { encoding: 'utf8' });
    const [, main = ''] = /^(\w+) T main$/m.exec(symbols) ?? [];
    const place = execFileSync('addr2line', ['-e', join(root, 'usr/local/bin/server'), main], { encoding: 'utf8' });
    expect(place).toMatch(/^\/usr\/local\/src\/labctl\/server\.c:\d+\n$/);
  });

  it('keeps each program under 200 lines', () => {
    for (const name of programs) {
      const text = readFileSync(join(root, 'usr/local/src/labctl', `${name}.c`), 'utf8');
      expect(text.split('\n').length, name).toBeLessThan(200);
    }
  });
});

describe('client', () => {
  it('says that nobody listens, or that the name is unknown', async () => {
    const { server, port } = await listening('server');
    server.signal('SIGTERM');
    await server.end();
    const refused = await ended('client', '127.0.0.1', port);
    expect(refused).toMatchObject({ code: 1, stderr: `client: connect 127.0.0.1:${port}: Connection refused\n` });
    const unknown = await ended('client', 'a..b');
    expect(unknown).toMatchObject({ code: 1, stderr: "client: host 'a..b': Name or service not known\n" });
  });
});

describe('udp-server and udp-client', () => {
  it('exchange datagrams; one socket serves every client', async () => {
    const { server, port } = await listening('udp-server');
    await using _ = server;
    await using first = start('udp-client', '127.0.0.1', port);
    await using second = start('udp-client', '127.0.0.1', port);
    for (const client of [first, second, first]) {
      const line = `ligne ${client.pid}`;
      client.type(`${line}\n`);
      await client.until(new RegExp(`^from 127.0.0.1:${port}: ${line}\n`, 'm'));
    }
    await server.until(/(?:.* <- .*\n){3}/);
  });

  it('carry large datagrams, and say when one is too large', async () => {
    const { server, port } = await listening('udp-server');
    await using _ = server;
    await using first = start('udp-client', '127.0.0.1', port);
    first.type('x'.repeat(60_000) + '\n');
    await first.until(/x\n/);
    expect(first.stdout.length).toBeGreaterThan(60_000);
    await using second = start('udp-client', '127.0.0.1', port);
    second.type('z'.repeat(70_000) + '\n');
    await second.until(/sendto 127\.0\.0\.1:\d+: Message too long/);
    second.type('sans fin de ligne');
    second.endInput();
    expect(await second.end()).toBe(0);
    expect(second.stdout).toMatch(/: sans fin de ligne\n$/);
    server.signal('SIGTERM');
    expect(await server.end()).toBe(0);
    expect(server.stdout.match(/ <- /g)).toHaveLength(2);
  });

  it('wait in vain when nobody is there', async () => {
    const { server, port } = await listening('udp-server');
    server.signal('SIGTERM');
    expect(await server.end()).toBe(0);
    await using client = start('udp-client', '--patience', '300', '127.0.0.1', port);
    client.type('personne ?\n');
    await client.until(new RegExp(`^no answer from 127.0.0.1:${port} in 300 ms$`, 'm'));
  });
});

describe('options', () => {
  it.each(programs)('%s explains itself', async (name) => {
    expect(await ended(name, '--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(`^usage: ${name} `) });
  });

  it.each([
    ['server', '--colour'],
    ['server', '5000', '5001'],
    ['server', 'x5000'],
    ['server', '65536'],
    ['server', '-1'],
    ['server', '--bind', 'localhost'],
    ['server2', '--backlog', ''],
    ['server2', '--backlog'],
    ['client', '--colour'],
    ['client', 'localhost', '0'],
    ['client', '--send'],
    ['client', '--send', '0'],
    ['client', '--send', '10000001'],
    ['client', 'localhost', '5000', 'more'],
    ['rude-client', '--colour'],
    ['rude-client', 'localhost', '5000', 'more'],
    ['udp-server', '--backlog', '1'],
    ['udp-server', '99999'],
    ['udp-client', 'localhost', '5k'],
  ] as [string, ...string[]][])('%s refuses %s %s', async (...argv) => {
    const { code, stdout, stderr } = await ended(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${argv[0]}: |try --help`));
  });
});
