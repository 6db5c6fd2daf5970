import { describe, expect, it } from 'vitest';
import type { Trial } from '../engine/embedded/trial.ts';
import { isNodeNewEnough, rowsOf } from './checks.ts';
import type { EngineAnswer } from './engine-answer.ts';
import type { Findings } from './findings.ts';
import { isHealthy, markMended } from './rows.ts';
import { absent, answering, denied, fedora, forRunning, healthy, lacking, machine, works } from './testing.ts';

const advice = { purpose: 'tests', labctl: 'npx labctl' } as const;
const rows = (differences: Partial<Findings>) => rowsOf({ ...healthy, ...differences }, advice);
const row = (what: string, differences: Partial<Findings>) => rows(differences).find((found) => found.what === what);

describe('isNodeNewEnough', () => {
  it.each([
    ['20.19.0', true],
    ['20.18.9', false],
    ['18.20.4', false],
    ['22.1.0', true],
    ['100.0.0', true],
  ])('%s: %s', (version, expected) => expect(isNodeNewEnough(version)).toBe(expected));
});

describe('rowsOf', () => {
  it('is all ok on a healthy machine', () => {
    expect(rows({}).map(({ what, state }) => `${what}: ${state}`)).toEqual([
      'Node: ok',
      'Docker Engine: ok',
      'subnets: ok',
      'disk: ok',
      'base image: ok',
      'embedded engine: ok',
      'limits: ok',
      'bridges: ok',
      'loss on the wire: ok',
      'delay and reorder: ok',
      'test tools: ok',
    ]);
  });

  it('asks for test tools only for tests', () => {
    const bare = { ...healthy, system: machine(forRunning) };
    expect(isHealthy(rowsOf(bare, { ...advice, purpose: 'running' }))).toBe(true);
    expect(isHealthy(rowsOf(bare, advice))).toBe(false);
    expect(row('test tools', bare)).toMatchObject({
      detail: expect.stringMatching(
        /^missing: tshark, capinfos, docker-compose, tmux, chromium, zsh, fish, mandoc, groff, prove, socat$/,
      ),
      todo: 'npx labctl doctor --fix --for tests',
    });
  });

  const broken: [string, EngineAnswer, RegExp, RegExp][] = [
    [
      'not running',
      absent,
      /installed but does not answer at \/var\/run\/docker.sock/,
      /^npx labctl doctor --fix --engine docker$/,
    ],
    ['no permission', denied, /runs, but root may not use/, /usermod -aG docker/],
    ['elsewhere', { ...absent, usual: false, place: 'tcp://h:1' }, /nothing answers at tcp:\/\/h:1/, /DOCKER_HOST/],
    [
      'too old',
      {
        place: 's',
        usual: true,
        kind: 'unusable',
        why: 'the Docker Engine is too old: its API is 1.40',
        hint: undefined,
      },
      /too old/,
      /20\.10/,
    ],
  ];
  it.each(broken)('tells an engine that is %s', (_name, engine, detail, todo) => {
    const found = row('Docker Engine', { engine });
    expect(found?.state).toBe('todo');
    expect(found?.detail).toMatch(detail);
    expect(found?.todo).toMatch(todo);
  });

  it('tells an engine that is not installed, by the means of this system', () => {
    expect(row('Docker Engine', { engine: absent, system: machine() })).toMatchObject({
      detail: 'is not installed',
      todo: 'npx labctl doctor --fix --engine docker',
    });
    expect(row('Docker Engine', { engine: absent, system: machine([], { os: fedora }) })?.todo).toMatch(/dnf/);
  });

  it('says that no container can start without control groups', () => {
    const system = machine(forRunning, { cgroups: false });
    expect(row('control groups', { system, engine: absent })?.todo).toMatch(/cgroupfs-mount/);
    expect(row('control groups', { system })).toBeUndefined();
  });

  it('names who holds the subnets when none is free', () => {
    const taken = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((subnet) => ({ subnet, holder: 'vpn0' }));
    const engine = { ...answering, taken };
    expect(row('subnets', { engine })).toMatchObject({ state: 'todo', detail: expect.stringContaining('vpn0') });
  });

  it('wants room for the images', () => {
    expect(row('disk', { room: { folder: '/var/lib/docker', free: 2 * 1024 ** 3 - 1 } })).toMatchObject({
      state: 'todo',
      detail: '1.9 GiB free for /var/lib/docker',
    });
  });

  it('takes a kernel without netem or bridge rules for healthy, without bridges not', () => {
    expect(isHealthy(rows({ kernel: { bridge: 'yes', wireRules: 'no', netem: 'no' } }))).toBe(true);
    expect(isHealthy(rows({ kernel: { bridge: 'unknown', wireRules: 'unknown', netem: 'unknown' } }))).toBe(true);
    expect(isHealthy(rows({ kernel: { bridge: 'no', wireRules: 'yes', netem: 'yes' } }))).toBe(false);
  });

  it('does not take for ok what it could not try', () => {
    const kernel = { bridge: 'unknown', wireRules: 'unknown', netem: 'unknown' } as const;
    for (const what of ['bridges', 'loss on the wire', 'delay and reorder'])
      expect(row(what, { kernel, system: machine(['nft']) })).toMatchObject({ state: 'untried' });
  });

  it('tells limits that the engine ignores', () => {
    expect(row('limits on Docker', {})).toBeUndefined();
    const limits = { processes: 'none', memory: 'none', processor: 'none', files: 'host' } as const;
    expect(row('limits on Docker', { engine: { ...answering, podman: true, limits } })).toMatchObject({
      state: 'todo',
      optional: true,
      detail: 'of each host: files; ignored: processes, memory, processor share',
      todo: expect.stringContaining('--engine embedded'),
    });
  });

  it('gives something to do exactly where something is to be done', () => {
    const sick = rows({ node: '18.0.0', engine: absent, system: machine(), room: { folder: '/', free: 0 } });
    for (const found of [...rows({}), ...sick]) expect(found.todo !== undefined).toBe(found.state === 'todo');
  });
});

describe('rowsOf without an engine asked for', () => {
  const whichever = { purpose: 'running', labctl: 'npx labctl' } as const;
  const seen = (differences: Partial<Findings>) => rowsOf({ ...healthy, ...differences }, whichever);
  const states = (differences: Partial<Findings>) =>
    Object.fromEntries(seen(differences).map(({ what, state, optional }) => [what, optional ? 'optional' : state]));

  it('is well with either engine, and says of the other only what it is', () => {
    expect(states({ engine: absent })).toMatchObject({ 'Docker Engine': 'optional', 'embedded engine': 'ok' });
    expect(states({ engine: absent }).disk).toBeUndefined();
    expect(states({ embedded: lacking })).toMatchObject({ 'Docker Engine': 'ok', 'embedded engine': 'optional' });
  });

  it('is not well with neither', () => {
    expect(states({ engine: absent, embedded: lacking })).toMatchObject({
      'Docker Engine': 'optional',
      'embedded engine': 'todo',
    });
  });

  it('names the setting that refuses user namespaces', () => {
    const embedded: Trial = { kind: 'refused', why: 'unshare failed', hint: '`sudo sysctl x=0`' };
    expect(seen({ engine: absent, embedded }).find(({ what }) => what === 'embedded engine')).toEqual({
      what: 'embedded engine',
      state: 'todo',
      detail: 'unshare failed',
      todo: '`sudo sysctl x=0`',
    });
  });

  it('says which limits hold for whole hosts, and which only for each process', () => {
    const embedded: Trial = { ...works, limits: { ...works.limits, memory: 'process', processor: 'process' } };
    const found = seen({ engine: absent, embedded }).find(({ what }) => what === 'limits');
    expect(found?.detail).toBe(
      'of each host: processes, files; only of each process: memory, processor time (10 minutes)',
    );
    expect(found?.optional).toBe(true);
  });

  it('sends macOS and Windows to Docker', () => {
    const mac = {
      system: machine([], { platform: 'darwin' }),
      engine: absent,
      embedded: { kind: 'elsewhere' },
    } as const;
    expect(states(mac)).toMatchObject({ 'Docker Engine': 'todo', 'embedded engine': 'ok' });
    expect(seen(mac).find(({ what }) => what === 'embedded engine')?.detail).toMatch(/Docker is the engine here/);
  });
});

describe('markMended', () => {
  it('marks what was sick before and is well now, and nothing else', () => {
    const before = rows({ engine: absent, system: machine() });
    const now = markMended(before, rows({ system: machine(forRunning) }));
    const states = Object.fromEntries(now.map(({ what, state }) => [what, state]));
    expect(states).toMatchObject({
      Node: 'ok',
      'Docker Engine': 'mended',
      'base image': 'mended',
      'test tools': 'todo',
    });
  });
});
