// A scenario that brings its lab and its programs along, run from anywhere by the command line.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { engineUnderTest, labName } from '../engine-under-test.ts';
import { labctl } from '../labctl.ts';

let folder: string;
const engine = ['--engine', engineUnderTest ?? 'embedded'];
const name = labName('brings');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'labctl-own-'));
  mkdirSync(join(folder, 'lab'));
  mkdirSync(join(folder, 'greet'));
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(
    join(folder, 'lab/compose.yml'),
    `services:
  one: { image: labctl-test/own, build: { context: ., network: none }, command: [sleep, infinity], cap_drop: [ALL], cap_add: [NET_ADMIN, NET_RAW, SETUID, SETGID, KILL], init: true, tmpfs: ["/work:exec,mode=755,uid=1000,gid=1000"], working_dir: /work }
`,
  );
  writeFileSync(join(folder, 'lab/Dockerfile'), 'FROM labctl/base\n');
  writeFileSync(join(folder, 'lab/Makefile'), 'install:\n\tmkdir -p $(DESTDIR)/usr/local/bin\n');
  writeFileSync(join(folder, 'greet/Makefile'), 'greet: greet.c\n\tcc -o greet greet.c\n');
  writeFileSync(join(folder, 'greet/greet.c'), '#include <stdio.h>\nint main(void) { puts("made by make"); }\n');
  writeFileSync(join(folder, 'plain.c'), '#include <stdio.h>\nint main(void) { puts("made by cc"); }\n');
  write('lab/compose.yml');
});
afterAll(async () => {
  await labctl(['--lab', `labctl-${name}`, ...engine, 'down'], { cwd: folder });
  rmSync(folder, { recursive: true, force: true });
});

const write = (lab: string, programs = '[greet, plain.c]') =>
  writeFileSync(
    join(folder, `${name}.yml`),
    `lab: ${lab}
programs: { one: ${programs} }
title: { en: t, fr: t }
about: { en: a, fr: a }
hosts: [one]
steps:
  - { start: g, on: one, run: greet/greet, until: { prints: made by make } }
  - { start: p, on: one, run: ./plain, until: { prints: made by cc } }
expect:
  - { id: printed, say: { en: e, fr: f }, output: made by cc, of: p }
`,
  );

it('makes a lab of its own name, builds what it brings, and keeps the run where it was asked for', async () => {
  const cwd = join(folder, 'elsewhere');
  writeFileSync(join(cwd, 'compose.yml'), 'services:\n  other: { image: labctl/base }\n');
  const run = await labctl([...engine, '--json', 'run', `../${name}.yml`], {
    cwd,
    env: { COMPOSE_PROJECT_NAME: 'usual' },
  });
  expect(run).toMatchObject({ code: 0 });
  const report = JSON.parse(run.stdout) as { run: { lab: string } };
  expect(report.run.lab).toBe(`labctl-${name}`);
  const shown = await labctl(['show', '--json', name], { cwd });
  expect(shown.code).toBe(0);
});

it('is refused where its lab’s name is held by another folder’s lab, which has other hosts', async () => {
  const other = [...engine, '--lab', `labctl-${name}-other`];
  expect(await labctl([...other, 'up'])).toMatchObject({ code: 0 });
  const refused = await labctl([...other, 'run', `${name}.yml`], { cwd: folder });
  await labctl([...other, 'down']);
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringMatching(/is held by\s+the lab of/) });
});

it.each([
  ['lab/none.yml', '[plain.c]', `${name}.yml:1:6  there is no Compose file`],
  ['lab/compose.yml', '[nosuch.c]', 'programs of one: there is no such file or folder: nosuch.c'],
  ['lab/compose.yml', '[]', `${name}.yml:2:18  "one" must not be empty`],
])('is refused before anything starts: lab %s, programs %s', async (lab, programs, message) => {
  write(lab, programs);
  const run = await labctl([...engine, 'run', `${name}.yml`], { cwd: folder });
  expect(run.stderr).toContain(message);
  expect(run.code).toBe(2);
});
