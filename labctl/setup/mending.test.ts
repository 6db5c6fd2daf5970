import { describe, expect, it } from 'vitest';
import type { EngineAnswer } from './engine-answer.ts';
import { byHand, mendingText, nothingToMend, planMending } from './mending.ts';
import type { Purpose } from './need.ts';
import type { System } from './system.ts';
import {
  absent,
  answering,
  debian,
  denied,
  fedora,
  forRunning,
  forTests,
  lacking,
  machine,
  ubuntu,
  works,
} from './testing.ts';

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** For tests, or for Docker. */
const plan = (system: System, engine: EngineAnswer, purpose: Purpose) =>
  planMending(system, engine, works, { purpose, engine: purpose === 'running' ? 'docker' : undefined });

describe('planMending on a bare Debian', () => {
  it('installs the engine first, then what makes images, and starts a daemon where no systemd runs', () => {
    expect(plan(machine(), absent, 'running')).toEqual({
      engine: ['docker.io', 'iptables', 'ca-certificates'],
      others: ['mmdebstrap'],
      start: 'daemon',
    });
  });

  it('installs what tests compare with while the engine starts, and only for tests', () => {
    const tests = plan(machine(), absent, 'tests');
    expect(tests.engine).toEqual(['docker.io', 'iptables', 'ca-certificates']);
    expect(tests.others.join(' ')).toBe(
      'mmdebstrap tshark wireshark-common docker-compose tmux chromium zsh fish mandoc groff-base perl socat',
    );
  });

  it('goes through systemd where that runs', () => {
    expect(plan(machine([], { systemd: true }), absent, 'running').start).toBe('systemd');
  });

  it('wants an AppArmor parser only where the kernel enforces AppArmor', () => {
    const engineOf = (there: string[]) => plan(machine(there, { appArmor: true }), absent, 'running').engine;
    expect(engineOf([])).toContain('apparmor');
    expect(engineOf(['apparmor_parser'])).not.toContain('apparmor');
  });

  it('wants control groups mounted only where there is neither a mount nor systemd', () => {
    const engineOf = (systemd: boolean) => plan(machine([], { cgroups: false, systemd }), absent, 'running').engine;
    expect(engineOf(false)).toContain('cgroupfs-mount');
    expect(engineOf(true)).not.toContain('cgroupfs-mount');
  });

  it('lets an ordinary user make images in a user namespace', () => {
    expect(plan(machine([], { root: false }), absent, 'running').others).toEqual(['mmdebstrap', 'uidmap']);
  });
});

describe('planMending without an engine asked for', () => {
  const whichever = { purpose: 'running' } as const;

  it('installs what hosts are made of, and no Docker', () => {
    const { engine, others, start } = planMending(machine(), absent, lacking, whichever);
    expect([engine, start]).toEqual([[], undefined]);
    expect(others.join(' ')).toBe(
      'bubblewrap util-linux iproute2 nftables python3 gcc make libc6-dev tcpdump strace ethtool procps htop',
    );
  });

  it('installs nothing where Docker answers', () => {
    expect(planMending(machine(forRunning), answering, lacking, whichever).others).toEqual([]);
  });

  it('installs no Docker where it runs for others', () => {
    const { engine, others, start } = planMending(machine(), denied, lacking, whichever);
    expect([engine, start, others[0]]).toEqual([[], undefined, 'bubblewrap']);
  });

  it('installs both kinds for tests', () => {
    const { engine, others } = planMending(machine(), absent, lacking, { purpose: 'tests' });
    expect(engine).toContain('docker.io');
    expect(others).toEqual(expect.arrayContaining(['bubblewrap', 'tshark', 'mmdebstrap']));
  });
});

describe('planMending elsewhere', () => {
  it('gives Ubuntu the keys of the Debian archive', () => {
    const system = machine(forRunning, { os: ubuntu, hasFile: (path) => path === certificates });
    expect(plan(system, answering, 'running').others).toEqual(['debian-archive-keyring']);
  });

  it('only starts an engine that is installed', () => {
    const starting = plan(machine(forRunning), absent, 'running');
    expect(starting).toEqual({ engine: [], others: [], start: 'daemon' });
    expect(nothingToMend(starting)).toBe(false);
  });

  it('does nothing where all is there, whoever installed it', () => {
    expect(nothingToMend(plan(machine(forTests), answering, 'tests'))).toBe(true);
    // Docker's own packages bring no docker.io: an engine that answers is enough.
    expect(nothingToMend(plan(machine(['mmdebstrap']), answering, 'running'))).toBe(true);
  });

  it('neither installs nor starts an engine that runs but refuses this user', () => {
    expect(nothingToMend(plan(machine(forRunning), denied, 'running'))).toBe(true);
  });

  it('leaves an engine alone that the user chose by DOCKER_HOST', () => {
    const remote = { ...absent, usual: false, place: 'tcp://192.0.2.1:2375' };
    expect(plan(machine(['mmdebstrap']), remote, 'running')).toEqual({
      engine: [],
      others: [],
      start: undefined,
    });
  });

  it('installs nothing on systems it does not know', () => {
    expect(nothingToMend(plan(machine([], { os: fedora }), absent, 'tests'))).toBe(true);
    expect(nothingToMend(plan(machine([], { platform: 'darwin' }), absent, 'tests'))).toBe(true);
  });
});

describe('mendingText', () => {
  it('says what will be installed and started', () => {
    expect(mendingText(plan(machine(['mmdebstrap', certificates]), absent, 'running'))).toBe(
      'install docker.io, iptables (apt-get) and start the Docker Engine',
    );
    expect(mendingText(plan(machine(forRunning), absent, 'running'))).toBe('start the Docker Engine');
  });
});

describe('byHand', () => {
  it.each([
    [{ os: fedora }, /^sudo dnf install moby-engine\nand start it/],
    [{ os: { id: 'manjaro', like: ['arch'], name: 'Manjaro' } }, /^sudo pacman -S docker\n/],
    [{ os: { id: 'void', like: [], name: 'Void' } }, /Docker Engine 20\.10 or later from Void/],
    [{ platform: 'darwin' as const }, /Docker Desktop/],
    [{ platform: 'win32' as const }, /WSL 2/],
  ])('takes two lines at most: %o', (differences, expected) => {
    const text = byHand(machine([], { os: debian, ...differences }));
    expect(text).toMatch(expected);
    expect(text.split('\n').length).toBeLessThanOrEqual(2);
  });
});
