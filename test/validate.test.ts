// `labctl validate`, `new` and `run --dry-run`: what is said of files, without any engine.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../labctl/root.ts';
import { labctl } from './labctl.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'labctl-validate-'));
  copyFileSync(join(packageRoot, 'docker-compose.yml'), join(cwd, 'docker-compose.yml'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const here = (...argv: string[]) => labctl(argv, { cwd });

describe('labctl new', () => {
  it('writes a scenario that is right as it stands, and never writes over one', async () => {
    const made = await here('new', 'mine');
    expect(made).toMatchObject({ code: 0, stdout: 'mine.yml\n' });
    const text = readFileSync(join(cwd, 'mine.yml'), 'utf8');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(.*)$/m.exec(text) ?? [];
    const path = schema.startsWith('file:') ? new URL(schema) : join(cwd, schema);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ title: 'labctl scenario' });
    expect(await here('validate', 'mine.yml')).toMatchObject({
      code: 0,
      stdout: '✓ mine.yml: a scenario, nothing is wrong\n',
    });
    const again = await here('new', 'mine.yml');
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('mine.yml  it is there already, and stays as it is'),
    });
    expect(readFileSync(join(cwd, 'mine.yml'), 'utf8')).toBe(text);
  });
});

describe('labctl run --dry-run', () => {
  it('tells what would be done, and asks no engine', async () => {
    const run = await labctl(['run', 'mine.yml', '--dry-run', '--engine', 'docker'], {
      cwd,
      env: { DOCKER_HOST: 'unix:///nowhere' },
    });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/ 1\. start server on server: server, until port 5000 listens :\d+/);
    expect(run.stdout).toContain('Nothing was started.');
    const json = await here('--json', 'run', 'lost-data', '--dry-run');
    const plan = JSON.parse(json.stdout) as { version: number; steps: object[]; wire: object[]; sysctls: object };
    expect(plan).toMatchObject({
      version: 1,
      scenario: 'lost-data',
      steps: expect.arrayContaining([expect.objectContaining({ step: 1 })]),
    });
    const own = await here('run', 'first-client', '--server-cmd', 'nc -lk {port}', '--dry-run');
    expect(own.stdout).toContain('your own server, nc -lk {port}, stands in for that of the lab');
    expect(own.stdout).toContain('start server on server: nc -lk 5000, until');
    expect(own.stdout).not.toContain('seven-steps');
    const french = await here('--lang', 'fr', 'run', 'lost-data', '--dry-run');
    expect(french.stdout).toContain('Rien n’a été lancé.');
  });
});

describe('labctl validate', () => {
  it('says all that is wrong with each file, and that the others are right', async () => {
    writeFileSync(
      join(cwd, 'bad.yml'),
      readFileSync(join(cwd, 'mine.yml'), 'utf8')
        .replace('close: c1', 'clos: c1')
        .replace('on: server\n    at', 'on: sever\n    at'),
    );
    writeFileSync(join(cwd, 'other.yml'), 'services:\n  a: { image: x, ports: ["1:1"] }\n');
    const run = await here('validate', 'bad.yml', 'mine.yml', 'other.yml', 'first-client');
    expect(run.code).toBe(2);
    expect(run.stdout).toMatch(/bad\.yml:\d+:5 {2}unknown step "clos": did you mean "close"\?/);
    expect(run.stdout).toContain('✓ mine.yml');
    expect(run.stdout).toContain('other.yml:2:18');
    const json = await here('--json', 'validate', 'other.yml');
    expect(JSON.parse(json.stdout)).toMatchObject({
      version: 1,
      files: [{ kind: 'compose', errors: [{ where: { line: 2, col: 18 } }] }],
    });
  });

  it('prints the schema that the package ships', async () => {
    const shipped = readFileSync(join(packageRoot, 'labctl/model/scenario.schema.json'), 'utf8');
    expect((await here('validate', '--schema')).stdout).toBe(shipped);
  });
});
