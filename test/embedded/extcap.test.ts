// Wireshark reads a user's own folder of plug-ins only for a user who is not root: these tests are another user's.

import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AnotherUser, anotherUser } from '../another-user.ts';
import { labName } from '../engine-under-test.ts';

const name = labName('extcap');
let user: AnotherUser;
let home: string;
const plugins = () => join(home, 'extcap');
const env = () => ({ HOME: home, WIRESHARK_EXTCAP_DIR: plugins(), XDG_CONFIG_HOME: join(home, 'config') });
const labctl = (...argv: string[]) => user.labctl(['--engine', 'embedded', '--lab', name, ...argv], { env: env() });

function tshark(...argv: string[]): Promise<string> {
  const options = {
    uid: user.uid,
    gid: user.uid,
    cwd: home,
    env: { PATH: process.env['PATH'], XDG_RUNTIME_DIR: '', ...env() },
  };
  return new Promise((resolve) => {
    execFile('tshark', argv, options, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

beforeAll(async () => {
  user = await anotherUser();
  home = await mkdtemp(join(tmpdir(), 'labctl-home-'));
  await chown(home, user.uid, user.uid);
  expect(await labctl('up')).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await labctl('down');
  await user[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

describe('labctl wireshark install', () => {
  it('puts every host interface into tshark -D, captures there, and uninstall leaves nothing', async () => {
    expect(await labctl('wireshark', 'check')).toMatchObject({ code: 1, stdout: expect.stringContaining('is not in') });
    expect(await labctl('wireshark', 'install')).toMatchObject({ code: 0 });
    const checked = await labctl('wireshark', 'check');
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/10 of running labs/)]);
    expect(await tshark('-D')).toContain(`labctl-${name}-client3-office (client3 on office (`);

    const reading = tshark(
      '-i',
      `labctl-${name}-server-lab`,
      '-f',
      'udp port 9',
      '-c',
      '2',
      '-T',
      'fields',
      '-e',
      'udp.payload',
    );
    let read: string | undefined;
    void reading.then((text) => {
      read = text;
    });
    // Nothing says when the capture has begun, so datagrams are sent until it has enough of them.
    await vi.waitFor(
      async () => {
        await labctl('exec', 'client1', '--', 'bash', '-c', 'echo hi > /dev/udp/server/9');
        expect(read).toBeDefined();
      },
      { timeout: 60_000, interval: 50 },
    );
    expect(read).toContain('68690a\n68690a\n');
    expect(await tshark('-i', `labctl-${name}-server-lab`, '-f', 'udp prot 9', '-c', '1')).toContain(
      "tcpdump: can't parse filter expression: syntax error",
    );

    expect(await labctl('wireshark', 'uninstall')).toMatchObject({ code: 0 });
    expect(await readdir(plugins())).toEqual([]);
    expect(await tshark('-D')).not.toContain('labctl-');
  });
});
