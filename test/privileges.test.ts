// The least privilege that docs/reliability.md promises, looked at from outside in labs that run: what Docker says of the
// containers, and what the kernel says of every process of an embedded lab.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labName } from './engine-under-test.ts';
import { folderWith, labctl } from './labctl.ts';

interface Inspected {
  HostConfig: Record<string, unknown>;
  Mounts: unknown[];
  NetworkSettings: { Ports: Record<string, unknown> };
}

const docker = (...argv: string[]): string => execFileSync('docker', argv, { encoding: 'utf8' }).trim();
const inspect = <Value>(...names: string[]): Value[] => JSON.parse(docker('inspect', ...names)) as Value[];
const linesOf = (text: string): string[] => text.split('\n').filter(Boolean);

/** Fields of proc_pid_status(5) as the kernel writes them. */
const status = (text: string) =>
  Object.fromEntries(
    linesOf(text).flatMap((line) => {
      const [, name, value] = /^(CapEff|CapBnd|NoNewPrivs|Seccomp):\t(\S+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value]];
    }),
  );

/** Where something can be written, by mount point. */
const writable = (mountinfo: string): string[] =>
  linesOf(mountinfo)
    .map((line) => line.split(' '))
    .flatMap(([, , , , place = '', options = '']) => (options.split(',')[0] === 'rw' ? [place] : []))
    .filter(
      (place) =>
        !/^\/(proc|dev)(\/(pts|mqueue|null|zero|full|random|urandom|tty|keys|timer_list|interrupts))?$/.test(place),
    )
    .map((place) => place.replace(/^\/proc\/.*/, '/proc'))
    .sort();

const mask = (...bits: number[]): string =>
  bits
    .reduce((sum, bit) => sum + 2 ** bit, 0)
    .toString(16)
    .padStart(16, '0');
const noRights = mask();

const withRule = `
title: { en: Rule, fr: Règle }
about: { en: a, fr: a }
hosts: [server, client1]
wire: [{ rule: r, drop: syn, from: client1 }]
steps: [{ look: [server] }]
`;

describe.each(['docker', 'embedded'])('on %s', (engine) => {
  const lab = labName(`rights-${engine}`);
  const run = (...argv: string[]) => labctl(['--engine', engine, '--lab', lab, ...argv]);
  const inHost = async (...argv: string[]) => (await run('exec', ...argv)).stdout;
  beforeAll(async () => {
    expect(await run('up')).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    expect(await run('down')).toMatchObject({ code: 0 });
  });

  it('a program has no rights, gains none, and writes in /work and its like alone', async () => {
    const text = await inHost(
      'client1',
      'sh',
      '-c',
      'cat /proc/self/status /proc/self/mountinfo; ls /var/run/docker.sock',
    );
    expect(status(text)).toMatchObject({ CapEff: noRights, NoNewPrivs: '1', Seccomp: '2' });
    const places = writable(
      text
        .split('\n')
        .filter((line) => /^\d+ \d+ /.test(line))
        .join('\n'),
    );
    expect(places).toEqual(['/dev/shm', ...(engine === 'docker' ? ['/sys/fs/cgroup'] : []), '/tmp', '/work']);
    expect(text).not.toContain('docker.sock');
  });

  it('a recorder has what recording needs, and gains nothing', async () => {
    // KILL 5, SETGID 6, SETUID 7, NET_ADMIN 12, NET_RAW 13, SYS_PTRACE 19: capability(7), linux/capability.h.
    const CapEff = engine === 'docker' ? mask(5, 6, 7, 12, 13) : mask(5, 12, 13, 19);
    const text = await inHost('--root', 'client1', 'cat', '/proc/self/status');
    expect(status(text)).toMatchObject({ CapEff, NoNewPrivs: '1', Seccomp: '2' });
  });

  it('what holes of kernels were behind is refused: keys, bpf, performance events, namespaces, mounts', async () => {
    const numbers = { x64: [248, 250, 321, 298, 272, 165], arm64: [217, 219, 280, 241, 97, 40] }[process.arch as 'x64'];
    const code = `
import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
print([(call(number, 0, 0, 0, 0, 0), ctypes.get_errno()) for number in ${JSON.stringify(numbers)}])`;
    for (const root of [[], ['--root']])
      expect(await inHost(...root, 'client1', 'python3', '-c', code)).toBe(
        `[${numbers.map(() => '(-1, 1)').join(', ')}]\n`,
      );
  });

  if (engine === 'docker') {
    it('containers have five rights, no host mounts, limits, a read-only root, and no port published', () => {
      const names = linesOf(docker('ps', '--filter', `label=labctl.lab=${lab}`, '--format', '{{.Names}}'));
      expect(names).toHaveLength(4);
      for (const { HostConfig, Mounts, NetworkSettings } of inspect<Inspected>(...names)) {
        expect(HostConfig).toMatchObject({
          Privileged: false,
          CapDrop: ['ALL'],
          CapAdd: ['NET_ADMIN', 'NET_RAW', 'SETUID', 'SETGID', 'KILL'],
          SecurityOpt: ['no-new-privileges:true'],
          ReadonlyRootfs: true,
          Binds: null,
          Devices: null,
          PidMode: '',
          IpcMode: 'private',
          UTSMode: '',
          NetworkMode: `${lab}_lab`,
          PublishAllPorts: false,
          PidsLimit: 256,
          Memory: 256 * 2 ** 20,
          NanoCpus: 1e9,
          Tmpfs: { '/work': expect.stringContaining('size=64m'), '/tmp': expect.stringContaining('size=64m') },
        });
        expect([Mounts, Object.keys(NetworkSettings.Ports)]).toEqual([[], []]);
      }
    });

    it('networks are internal, and give this machine no address', () => {
      const names = linesOf(docker('network', 'ls', '--filter', `label=labctl.lab=${lab}`, '--format', '{{.Name}}'));
      const networks = inspect<{ Id: string; Internal: boolean; Options: object }>(...names);
      expect(networks.map(({ Internal }) => Internal)).toEqual([true, true]);
      for (const { Id } of networks) {
        const bridge = JSON.parse(
          execFileSync('ip', ['-json', 'address', 'show', `br-${Id.slice(0, 12)}`], { encoding: 'utf8' }),
        ) as { addr_info: { family: string }[] }[];
        expect(bridge.flatMap(({ addr_info }) => addr_info).filter(({ family }) => family === 'inet')).toEqual([]);
      }
    });

    it('the helper with the machine’s network may change that and nothing else, as long as there are rules', async () => {
      let seen: Inspected[] = [];
      const name = `${lab}__wire_1`;
      await using folder = await folderWith({ 'rule.yml': withRule });
      const ended = labctl(['--engine', engine, '--lab', lab, 'run', join(folder.path, 'rule.yml')], {
        onChild: ({ stderr }) =>
          stderr?.on('data', (text: string) => {
            if (seen.length === 0 && text.includes('recording')) seen = inspect<Inspected>(name);
          }),
      });
      await ended;
      expect(seen).toMatchObject([
        {
          Mounts: [],
          HostConfig: {
            NetworkMode: 'host',
            Privileged: false,
            CapDrop: ['ALL'],
            CapAdd: ['NET_ADMIN'],
            SecurityOpt: ['no-new-privileges:true'],
            ReadonlyRootfs: true,
            Binds: null,
            PidMode: '',
            PidsLimit: 32,
            Memory: 64 * 2 ** 20,
          },
        },
      ]);
      expect(docker('ps', '--all', '--filter', `name=${name}`, '--format', '{{.Names}}')).toBe('');
    });
  } else {
    it('all processes belong to one user that is nobody, and but for the keeper none has a right', () => {
      const childrenOf = (pid: number): number[] =>
        readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
      const below = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...below(child)]);
      const [keeper = 0] = linesOf(
        execFileSync('pgrep', ['-f', `^python3 .*/labctl/${lab}`], { encoding: 'utf8' }),
      ).map(Number);
      const processes = below(keeper).map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
      // bwrap outside and inside of each host, and the host's command.
      expect(processes.length).toBeGreaterThanOrEqual(12);
      for (const text of processes) {
        expect(status(text)).toMatchObject({ CapEff: noRights, NoNewPrivs: '1' });
        expect(/^Uid:\t(\d+)/m.exec(text)?.[1]).not.toBe('0');
      }
      const own = (pid: number | string) =>
        execFileSync('readlink', [`/proc/${pid}/ns/user`, `/proc/${pid}/ns/net`], { encoding: 'utf8' });
      expect(linesOf(own(keeper)).filter((one) => own('self').includes(one))).toEqual([]);
    });
  }
});
