// What a folder of somebody else could try when labctl builds and runs it: all of it must stay in the sandbox.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../labctl/engine/engine.ts';
import { type TestLab, testLab } from '../engine-lab.ts';
import { openEngine } from '../engine-under-test.ts';
import { cli } from '../labctl.ts';

let engine: Engine;
let outside: string;
let test: TestLab;
beforeAll(async () => {
  engine = await openEngine('embedded');
  outside = mkdtempSync(join(tmpdir(), 'labctl-outside-'));
  execFileSync('chmod', ['777', outside]);
  writeFileSync(join(outside, 'secret'), 'a secret of this machine\n');
  test = testLab(engine, 'escape');
  test.lab.hosts.splice(1);
  const [server] = test.lab.hosts;
  if (server) server.image = 'labctl-test/escape';
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  rmSync(outside, { recursive: true });
});

/** The folder's Makefile, whose `install` has these lines; and the lab with it. */
async function up(...lines: string[]): Promise<void> {
  const prepare = 'mkdir -p $(DESTDIR)/usr/local/bin';
  writeFileSync(
    join(test.folder, 'Makefile'),
    ['install:', ...[prepare, ...lines].map((line) => `\t${line}`), ''].join('\n'),
  );
  await engine.build(test.lab);
  await engine.up(test.lab);
}

const output = async (argv: string[], user = '1000') =>
  (await (await engine.host(test.lab.name, 'server')).exec(argv, { user })).stdout;

it.each(['/usr/local', '/usr'])('refuses an image that puts a link in the place of %s', async (place) => {
  const install = up(`rm -r $(DESTDIR)${place}`, `ln -s / $(DESTDIR)${place}`);
  await expect(install).rejects.toMatchObject({
    message: `\`make install\` made no folder ${place}`,
    where: 'image labctl-test/escape',
  });
});

it('copies no file that a link in the folder points to', async () => {
  symlinkSync(join(outside, 'secret'), join(test.folder, 'link'));
  await up('-cp link $(DESTDIR)/usr/local/seen', 'ls -l link > $(DESTDIR)/usr/local/link');
  expect(await output(['sh', '-c', 'cat /usr/local/seen'])).toBe('');
  expect(await output(['cat', '/usr/local/link'])).toContain(`-> ${outside}/secret`);
  rmSync(join(test.folder, 'link'));
});

it('shows make nothing of this machine but its programs', async () => {
  process.env['LABCTL_TEST_SECRET'] = 'in the environment of the caller';
  await up(
    '(env; ls -a /root /home /tmp /run /var; ps -eo args; ip -o link; id; grep -E "CapEff|NoNewPrivs" /proc/self/status; cat /proc/net/unix) > $(DESTDIR)/usr/local/seen 2>&1; true',
    '-touch /usr/touched /etc/touched /touched',
    `-touch ${outside}/touched`,
    '-unshare -U true && touch $(DESTDIR)/usr/local/namespaces',
  );
  const seen = await output(['cat', '/usr/local/seen']);
  expect(seen).not.toMatch(/SECRET|vitest|\bnode\b|dockerd|eth0|labctl-outside|\/run\//);
  expect(seen).toMatch(/CapEff:\t0+\nNoNewPrivs:\t1\n/);
  expect(seen).toMatch(/cannot access '\/home'/);
  expect(existsSync(join(outside, 'touched'))).toBe(false);
  expect(await output(['sh', '-c', 'ls /usr/local/namespaces'])).toBe('');
});

it('starts nothing of an image by the names of the tools that lead into a host', async () => {
  const names = ['setsid', 'setpriv', 'prlimit', 'env', 'nsenter', 'bwrap'];
  const fakes = names.map((name) => `printf '#!/bin/sh\\necho fake ${name}\\n' > $(DESTDIR)/usr/local/bin/${name}`);
  await up(...fakes, 'chmod 755 $(DESTDIR)/usr/local/bin/*');
  expect(await output(['echo', 'genuine'])).toBe('genuine\n');
  expect(await output(['echo', 'genuine'], '0')).toBe('genuine\n');
  expect(await output(['env'])).toBe('fake env\n');
});

it('loads nothing that a variable of a host names before it is in the host', async () => {
  const source = `#include <fcntl.h>
__attribute__((constructor)) static void taken(void) { creat("${outside}/taken", 0600); }
`;
  execFileSync('cc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', join(outside, 'taken.so')], { input: source });
  const [server] = test.lab.hosts;
  if (server) server.environment = { LD_PRELOAD: join(outside, 'taken.so'), 'WITH SPACE': '= \n' };
  await up();
  expect(await output(['sh', '-c', 'printf %s "$LD_PRELOAD"'], '0')).toBe(join(outside, 'taken.so'));
  expect(await output(['python3', '-c', 'import os; print(ascii(os.environ["WITH SPACE"]))'])).toBe("'= \\n'\n");
  expect(existsSync(join(outside, 'taken'))).toBe(false);
});

it('gives neither a host nor make the keys of the caller', async () => {
  const purpose = 'labctl-test-secret';
  const calls = { x64: [250, 248, 249], arm64: [219, 217, 218] }[process.arch as 'x64' | 'arm64'];
  const find = `import ctypes; print(ctypes.CDLL(None).syscall(${calls[2]}, b"user", b"${purpose}", None, 0))`;
  writeFileSync(join(test.folder, 'find.py'), find);
  const name = `${test.lab.name}-keys`;
  const compose = {
    services: { server: { image: 'labctl-test/keys', build: '.', command: ['sleep', 'infinity'], networks: ['lab'] } },
    networks: { lab: { internal: true } },
  };
  writeFileSync(join(test.folder, 'docker-compose.yml'), JSON.stringify(compose));
  const install = '\tmkdir -p $(DESTDIR)/usr/local\n\tpython3 find.py > $(DESTDIR)/usr/local/found\n';
  writeFileSync(join(test.folder, 'Makefile'), `# ${Math.random()}\ninstall:\n${install}`);
  // A caller with a key, whose children inherit it: that it is there at all is the first thing it prints.
  const caller = `
import ctypes, subprocess, sys
call = ctypes.CDLL(None).syscall
call(${calls[0]}, 1, None)
call(${calls[1]}, b"user", b"${purpose}", b"secret", 6, -3)
labctl = [*sys.argv[1:], '--engine', 'embedded', '--lab', '${name}']
subprocess.run([sys.executable, 'find.py'])
subprocess.run([*labctl, 'up'], capture_output=True, check=True)
for user in ([], ['--root']):
    subprocess.run([*labctl, 'exec', *user, 'server', '--', 'python3', '-c', open('find.py').read()])
subprocess.run([*labctl, 'exec', 'server', 'cat', '/usr/local/found'])
subprocess.run([*labctl, 'down'], capture_output=True, check=True)
`;
  const argv = ['-u', '-c', caller, process.execPath, cli];
  const stdout = execFileSync('python3', argv, { cwd: test.folder, encoding: 'utf8' });
  expect(stdout).toMatch(/^[1-9]\d*\n-1\n-1\n-1\n$/);
});
