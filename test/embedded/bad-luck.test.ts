// Bad luck on the embedded engine: what the machine refuses, what dies at the wrong moment, what others left behind. In
// each case one sentence, never a stack trace; nothing stays; the next `up` works.

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../labctl/root.ts';
import { type AnotherUser, anotherUser } from '../another-user.ts';
import { labName } from '../engine-under-test.ts';
import { cli, environment, type LabctlOptions, labctl, type Outcome } from '../labctl.ts';

const lab = labName('luck');
const folder = join('/run/labctl', lab);
const run = (argv: string[], options?: LabctlOptions) =>
  labctl(['--engine', 'embedded', '--lab', lab, ...argv], options);

/** Whatever runs on this machine for the lab: its keeper is told the lab's folder. */
const remains = (): string => spawnSync('pgrep', ['-af', `/labctl/${lab}`], { encoding: 'utf8' }).stdout;

const hasNoStack = ({ stderr, stdout }: Outcome) => expect(stderr + stdout).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);

async function comesUpAndGoes(): Promise<void> {
  expect(await run(['up'])).toMatchObject({ code: 0 });
  expect(await run(['exec', 'server', 'echo', 'works'])).toMatchObject({ code: 0, stdout: 'works\n' });
  expect(await run(['down'])).toMatchObject({ code: 0 });
  expect(remains()).toBe('');
  expect(existsSync(folder)).toBe(false);
}

afterEach(async () => {
  if (existsSync(folder) || remains() !== '') await run(['down']);
});

describe('the keeper', () => {
  it('may be killed at any moment after its start, while up goes on: the next one brings the lab up', async () => {
    for (const after of [0, 10, 20, 40, 60, 90, 130]) {
      const up = run(['up']);
      await expect.poll(remains, { interval: 2, timeout: 10_000 }).not.toBe('');
      await delay(after);
      spawnSync('pkill', ['-KILL', '-f', `^python3 .*/labctl/${lab}`]);
      const outcome = await up;
      hasNoStack(outcome);
      expect([after, [0, 3].includes(outcome.code ?? -1)]).toEqual([after, true]);
      expect([after, (await run(['up'])).code]).toEqual([after, 0]);
      spawnSync('pkill', ['-KILL', '-f', `^python3 .*/labctl/${lab}`]);
      await expect.poll(remains).toBe('');
    }
    await comesUpAndGoes();
  });

  it.each([
    ['exec', ['exec', 'server', 'sh', '-c', 'echo begun; sleep 60'], 'begun', 125],
    ['a run', ['run', 'second-client'], 'recording client2', 3],
    ['logs -f', ['logs', '-f', 'server'], '', 0],
  ])('may be killed during %s, which ends', async (_what, argv, begun, code) => {
    expect(await run(['up'])).toMatchObject({ code: 0 });
    const kill = () => spawnSync('pkill', ['-KILL', '-f', `^python3 .*/labctl/${lab}`]);
    let said = '';
    const hear = (text: string) => {
      if (!said.includes(begun) && (said += text).includes(begun)) kill();
    };
    const ended = await run(argv, {
      onChild: ({ stdout, stderr }) => {
        for (const stream of [stdout, stderr]) stream?.on('data', hear);
        if (begun === '')
          void expect
            .poll(() => spawnSync('pgrep', ['-f', `^tail .*/labctl/${lab}`]).status)
            .toBe(0)
            .then(kill);
      },
    });
    hasNoStack(ended);
    expect(ended.code).toBe(code);
    await comesUpAndGoes();
  });
});

/** The keeper itself, not its `unshare`. */
const signalKeeper = (name: string) => spawnSync('pkill', [`-${name}`, '-f', `^python3 .*/labctl/${lab}`]);
const pids = (...argv: string[]): number[] =>
  spawnSync('pgrep', argv, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);

describe('the keeper of a lab that is up', () => {
  it('may be killed while nobody asks anything of it', async () => {
    await run(['up']);
    signalKeeper('KILL');
    await expect.poll(remains).toBe('');
    const asked = await run(['exec', 'server', 'true']);
    expect([asked.code, asked.stderr]).toEqual([125, expect.stringContaining('is not up')]);
    await comesUpAndGoes();
  });

  it.each([0, 150])('may be killed %i ms after `down` began', async (after) => {
    await run(['up']);
    const down = run(['down']);
    await delay(after);
    signalKeeper('KILL');
    expect(await down).toMatchObject({ code: 0 });
    await comesUpAndGoes();
  });

  it('may be stopped: it is said, goes on when it is told to, and goes with `down` when not', async () => {
    await run(['up']);
    signalKeeper('STOP');
    for (const [argv, code] of [
      [['exec', 'server', 'true'], 125],
      [['up'], 3],
      [['ps'], 3],
    ] as const) {
      const asked = await run([...argv]);
      hasNoStack(asked);
      const why = /pid (\d+) +the keeper of the lab was stopped by a signal\s+→ .*kill -CONT \1\b.*labctl down/;
      expect([argv, asked.code, asked.stderr]).toEqual([argv, code, expect.stringMatching(why)]);
    }
    const all = await run(['ps', '--all', '--json']);
    const { labs } = JSON.parse(all.stdout) as { labs: { name: string; hosts: { name: string; state: string }[] }[] };
    const states = labs.find(({ name }) => name === lab)?.hosts.map(({ name, state }) => [name, state]);
    expect(Object.fromEntries(states ?? [])).toMatchObject({ server: 'other' });
    signalKeeper('CONT');
    expect(await run(['exec', 'server', 'echo', 'works'])).toMatchObject({ code: 0, stdout: 'works\n' });
    signalKeeper('STOP');
    expect(await run(['down'])).toMatchObject({ code: 0, stderr: expect.stringContaining('host server removed') });
    await comesUpAndGoes();
  });

  it('may have its `unshare` stopped: `down` ends both', async () => {
    await run(['up']);
    spawnSync('pkill', ['-STOP', '-f', `^unshare .*/labctl/${lab}`]);
    expect(await run(['exec', 'server', 'echo', 'works'])).toMatchObject({ code: 0, stdout: 'works\n' });
    expect(await run(['down'])).toMatchObject({ code: 0 });
    await comesUpAndGoes();
  });

  it('may lose the first process of a host: it is said, and `up` makes the host anew', async () => {
    await run(['up']);
    const [keeper = 0] = pids('-f', `^python3 .*/labctl/${lab}`);
    const [sandbox = 0] = pids('-P', String(keeper), '-x', 'bwrap'); // The first that was made: the server's.
    const [init = 0] = pids('-P', String(sandbox));
    process.kill(init, 'SIGKILL');
    const state = async () => (await run(['ps'])).stdout;
    await expect.poll(state).toMatch(/server +exited/);
    const asked = await run(['exec', 'server', 'true']);
    expect([asked.code, asked.stderr]).toEqual([125, expect.stringMatching(/"server" is exited[\s\S]* up/)]);
    expect(await run(['exec', 'client1', 'echo', 'alive'])).toMatchObject({ stdout: 'alive\n' });
    expect(await run(['up'])).toMatchObject({ code: 0 });
    await comesUpAndGoes();
  });
});

describe('what somebody else left', () => {
  it('a folder of a keeper that is gone, whose number another process has: it is not touched', async () => {
    const stranger = spawn('sleep', ['1000']);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'keeper.json'),
      JSON.stringify({ pid: stranger.pid, startTime: '1', bootId: 'another' }),
    );
    const old = createServer().listen(join(folder, 'socket.old'));
    spawnSync('mv', [join(folder, 'socket.old'), join(folder, 'socket')]);
    old.close();
    await comesUpAndGoes();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  });
});

/** In a mount namespace of its own, where this script may change what it likes. */
const elsewhere = (script: string): Outcome => {
  const argv = ['--mount', 'sh', '-ec', script, process.execPath, cli, '--engine', 'embedded', '--lab', lab];
  const { status, stdout, stderr } = spawnSync('unshare', argv, {
    encoding: 'utf8',
    env: environment,
    cwd: packageRoot,
  });
  return { code: status, stdout, stderr };
};

describe('the machine', () => {
  it('may have a umask that takes everything from others', () => {
    const fresh = 'mount -t tmpfs none /run; mount -t tmpfs none /var/cache; umask 077';
    const outcome = elsewhere(
      `${fresh}; "$0" "$@" up; "$0" "$@" exec server sh -c 'umask; cat /etc/passwd'; "$0" "$@" down`,
    );
    expect(outcome).toMatchObject({ code: 0, stdout: expect.stringContaining('0022\nroot:x:0:0') });
  });

  it('may have a bubblewrap that is too old: it is named', () => {
    const fake =
      "printf '#!/bin/sh\\necho bwrap: Unknown option --disable-userns >&2; exit 1\\n' >/run/bwrap; chmod 755 /run/bwrap";
    const outcome = elsewhere(
      `mount -t tmpfs none /run; ${fake}; mount --bind /run/bwrap /usr/bin/bwrap; "$0" "$@" up`,
    );
    hasNoStack(outcome);
    expect([outcome.code, outcome.stderr]).toEqual([3, expect.stringMatching(/Unknown option[\s\S]*bubblewrap 0\.8/)]);
  });

  it('may lack a tool: it is named, with its package', () => {
    const hide =
      'mkdir /run/bin; for tool in /usr/bin/*; do case $tool in */bwrap) ;; *) ln -s /usr/bin.real/${tool##*/} /run/bin;; esac; done';
    const outcome = elsewhere(
      `mount -t tmpfs none /run; mkdir /run/real; mount --bind /usr/bin /run/real; ${hide.replaceAll('/usr/bin.real', '/run/real')}; mount --bind /run/bin /usr/bin; "$0" "$@" up`,
    );
    hasNoStack(outcome);
    expect([outcome.code, outcome.stderr]).toEqual([3, expect.stringMatching(/misses bwrap[\s\S]*bubblewrap/)]);
  });

  it.each(['/nowhere/at all', '/sys'])('may have %s for TMPDIR', async (place) => {
    const env = { TMPDIR: place };
    expect(await run(['up'], { env })).toMatchObject({ code: 0 });
    const made =
      'f=$(mktemp) && echo "$f"; printf "int main(){return 0;}" | cc -xc - -o /work/x && /work/x && echo built';
    const said = await run(['exec', 'server', 'sh', '-c', made], { env });
    expect(said).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\/tmp\/tmp\.\w+\nbuilt\n$/) });
    expect(await run(['down'], { env })).toMatchObject({ code: 0 });
  });

  it('may have a full runtime folder', () => {
    const outcome = elsewhere('mount -t tmpfs -o size=16k none /run; "$0" "$@" up');
    hasNoStack(outcome);
    expect([outcome.code, outcome.stderr]).toEqual([3, expect.stringMatching(/no space left[\s\S]*no room left/i)]);
  });
});

describe('an ordinary user', () => {
  let user: AnotherUser;
  let scratch: string;
  beforeAll(async () => {
    user = await anotherUser();
    scratch = mkdtempSync(join(tmpdir(), 'labctl-luck-'));
    chmodSync(scratch, 0o755);
  });
  afterAll(async () => {
    await user[Symbol.asyncDispose]();
    rmSync(scratch, { recursive: true });
  });
  const asUser = (runtime: string, ...argv: string[]) =>
    user.labctl(['--engine', 'embedded', '--lab', lab, ...argv], { env: { XDG_RUNTIME_DIR: runtime } });
  function folderOf(name: string, mode: number): string {
    const path = join(scratch, name);
    mkdirSync(path, mode);
    chownSync(path, user.uid, user.uid);
    return path;
  }

  it('may have a runtime folder with a long and strange name', async () => {
    const runtime = folderOf(`é "q" 'a' $x\n${'long '.repeat(30)}`, 0o700);
    expect(await asUser(runtime, 'up')).toMatchObject({ code: 0 });
    expect(await asUser(runtime, 'exec', 'server', 'echo', 'works')).toMatchObject({ stdout: 'works\n', code: 0 });
    expect(await asUser(runtime, 'down')).toMatchObject({ code: 0 });
  });

  it('may have a runtime folder that cannot be written to', async () => {
    const outcome = await asUser(folderOf('closed', 0o500), 'up');
    hasNoStack(outcome);
    expect([outcome.code, outcome.stderr]).toEqual([3, expect.stringMatching(/permission denied/i)]);
  });

  it('may have a runtime folder that is not there yet, or none that is a whole path', async () => {
    const cache = folderOf('cache', 0o700);
    for (const runtime of [join(folderOf('parent', 0o700), 'to come'), 'relative']) {
      const env = { XDG_RUNTIME_DIR: runtime, XDG_CACHE_HOME: cache };
      const here = (...argv: string[]) => user.labctl(['--engine', 'embedded', '--lab', lab, ...argv], { env });
      expect(await here('up')).toMatchObject({ code: 0 });
      expect(await here('exec', 'server', 'echo', 'works')).toMatchObject({ stdout: 'works\n', code: 0 });
      expect(await here('down')).toMatchObject({ code: 0 });
    }
    rmSync(`/tmp/labctl-${user.uid}`, { recursive: true });
  });

  it('may have a file in the place of the runtime folder', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    const outcome = await asUser(file, 'up');
    hasNoStack(outcome);
    expect([outcome.code, outcome.stderr]).toEqual([3, expect.stringMatching(/cannot be made:\s+ENOTDIR/)]);
  });

  it('is told the setting where namespaces are refused', () => {
    const refuse =
      'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --ambient-caps=-all --inh-caps=-all "$0" "$@"';
    const map = ['--user', `--map-user=${user.uid}`, `--map-group=${user.uid}`, '--keep-caps', 'sh', '-ec', refuse];
    const argv = [...map, process.execPath, user.cli, '--engine', 'embedded', '--lab', lab, 'up'];
    const env = { ...environment, HOME: '', XDG_RUNTIME_DIR: folderOf('refused', 0o700), XDG_CACHE_HOME: '' };
    const { status, stderr } = spawnSync('unshare', argv, {
      uid: user.uid,
      gid: user.uid,
      env,
      encoding: 'utf8',
      cwd: '/',
    });
    expect([status, stderr]).toEqual([3, expect.stringMatching(/namespace failed/)]);
    expect(stderr).toContain('sysctl user.max_user_namespaces=');
  });
});

it('what stays of up holds nothing of its caller open', () => {
  // Without a reader of its own, each of these would wait for the keeper to end.
  const script = '"$0" "$@" up 3>&1 4>&2 2>&1 | cat; "$0" "$@" exec server true </dev/null 3>&1 | cat';
  const argv = ['-c', script, process.execPath, cli, '--engine', 'embedded', '--lab', lab];
  const { status, stdout } = spawnSync('sh', argv, { encoding: 'utf8', timeout: 20_000, env: environment });
  expect([status, stdout]).toEqual([0, expect.stringContaining('is up')]);
  const closed = spawnSync('sh', ['-c', '"$0" "$@" down <&- >&-', ...argv.slice(2)], {
    encoding: 'utf8',
    env: environment,
  });
  expect([closed.status, closed.stderr]).toEqual([0, expect.stringContaining('removed')]);
  expect(remains()).toBe('');
});
