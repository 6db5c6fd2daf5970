// What a user sees who gets something wrong: what happened, where, what to try; never a stack trace, and the exit code
// that is documented. No lab is needed for any of it.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../labctl/root.ts';
import { folderWith, type LabctlOptions, labctl } from '../labctl.ts';

const compose = `services:
  server:
    image: labctl/server
    networks: [lab]
networks:
  lab: {internal: true}
`;

/** Runs, and holds every complaint to the same standard. */
async function complaint(argv: readonly string[], options: LabctlOptions = {}) {
  const outcome = await labctl(argv, options);
  expect(outcome.stderr, 'a stack trace').not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(outcome.stderr).not.toBe('');
  expect(outcome.stdout).toBe('');
  return outcome;
}

describe('the command line', () => {
  it.each([
    ['an unknown command, with the nearest', ['uo'], /unknown command 'uo'[\s\S]*up/],
    ['an unknown option', ['up', '--fats'], /unknown option '--fats'/],
    ['a missing argument', ['run'], /missing required argument 'scenario'/],
    ['an unknown language', ['--lang', 'de', 'list'], /'--lang <language>' argument 'de' is invalid[\s\S]*en, fr/],
    ['a purpose that is none', ['doctor', '--for', 'fun'], /'fun' is invalid[\s\S]*running, tests/],
    ['an unknown scenario, with the nearest', ['run', 'first-cleint'], /no scenario "first-cleint"[\s\S]*first-client/],
    ['a scenario outside', ['run', '../../etc/passwd'], /no scenario/],
    ['a conversation that is no number', ['show', '--conversation', 'x'], /number from 1 on/],
    ['a lab name with a way out', ['--lab', '../x', 'down'], /\.\.\/x/],
    ['a lab name for a shell', ['--lab', 'a;reboot', 'up'], /a;reboot/],
    ['a Compose file that is not there', ['--file', 'nowhere.yml', 'up'], /nowhere\.yml/],
    ['a run that is not there', ['show', 'no-such-run'], /no-such-run/],
    ['an archive that is not there', ['images', 'load', 'nothing.tar.gz'], /nothing\.tar\.gz/],
    ['a folder as archive', ['images', 'load', 'labctl'], /cannot read labctl[\s\S]*directory/],
    ['an archive that is none', ['images', 'load', 'package.json'], /package\.json is no archive of images/],
  ])('%s', async (_what, argv, said) => {
    const { code, stderr } = await complaint(argv);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });

  it('exec and shell keep 125 for labctl itself', async () => {
    expect((await complaint(['--lab', 'never-made', 'exec', 'server', '--', 'true'])).code).toBe(125);
    expect((await complaint(['--lab', 'never-made', 'shell', 'server'])).code).toBe(125);
  });

  it('prints errors as JSON where JSON was asked for', async () => {
    const { stderr, code } = await complaint(['--json', 'run', 'first-cleint']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      version: 1,
      error: { kind: 'usage', hint: expect.stringContaining('first-client') },
    });
  });
});

it('prints what the command parser refuses as JSON too', async () => {
  const { stderr, code } = await complaint(['up', '--json', '--fats']);
  expect(code).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({
    version: 1,
    error: { kind: 'usage', message: expect.stringContaining('--fats') },
  });
});

describe('files', () => {
  it.each([
    ['bad YAML', 'services:\n  server: [\n', /docker-compose\.yml:\d+:\d+/],
    ['an unknown key', compose.replace('image:', 'imaeg:'), /docker-compose\.yml:3:5[\s\S]*imaeg[\s\S]*image/],
    [
      'published ports',
      compose.replace('    networks:', '    ports: ["80:80"]\n    networks:'),
      /docker-compose\.yml:4:5[\s\S]*ports/,
    ],
    ['a network nobody defined', compose.replace('[lab]', '[lan]'), /docker-compose\.yml:4:\d+[\s\S]*lan/],
    ['a wrong type', compose.replace('{internal: true}', '{internal: maybe}'), /docker-compose\.yml:6:\d+/],
    ['nothing in it', '', /docker-compose\.yml/],
  ])('a Compose file with %s', async (_what, text, said) => {
    await using folder = await folderWith({ 'docker-compose.yml': text });
    const { code, stderr } = await complaint(['up'], { cwd: folder.path });
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });

  it.each([
    ['an unknown step', '  - conect: server\n', /bad\.yml:5:5[\s\S]*conect/],
    ['an unknown host', '  - {start: s, on: sever, run: server}\n', /bad\.yml:5:\d+[\s\S]*sever[\s\S]*server/],
    ['a wrong type', '  - {start: s, on: server, run: server, until: {listens: x}}\n', /bad\.yml:5:\d+/],
    ['a program never started', '  - {type: hello, into: c1}\n', /bad\.yml:5:\d+[\s\S]*c1/],
  ])('a scenario with %s', async (_what, step, said) => {
    const head = 'title: {en: a, fr: b}\nabout: {en: a, fr: b}\nhosts: [server]\nsteps:\n';
    await using folder = await folderWith({ 'bad.yml': head + step, 'docker-compose.yml': compose });
    const { code, stderr } = await complaint(['run', 'bad.yml'], { cwd: folder.path });
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });
});

describe('a Docker Engine that was asked for', () => {
  it('is not there', async () => {
    const { code, stderr } = await complaint(['--engine', 'docker', 'up'], {
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/\/nowhere\/docker\.sock[\s\S]*doctor --fix/);
  });
});

describe('a name with control characters', () => {
  it('is shown, not obeyed', async () => {
    const { stderr } = await complaint(['run', 'a\u001b[2Jb']);
    expect(stderr).not.toContain('\u001b');
  });
});

it('the package itself is found from anywhere', async () => {
  const { code, stdout } = await labctl(['list'], { cwd: '/' });
  expect(code).toBe(0);
  expect(stdout).toContain('first-client');
  expect(join(packageRoot, 'scenarios')).toContain('scenarios');
});
