import { describe, expect, it } from 'vitest';
import { byHand, mendingText, nothingToMend, planMending } from './mending.ts';
import { absent, answering, debian, denied, fedora, forRunning, forTests, machine, ubuntu } from './testing.ts';

const certificates = '/etc/ssl/certs/ca-certificates.crt';

describe('planMending on a bare Debian', () => {
  it('installs the engine first, then what makes images, and starts a daemon where no systemd runs', () => {
    expect(planMending(machine(), absent, 'running')).toEqual({
      engine: ['docker.io', 'iptables', 'ca-certificates'],
      others: ['mmdebstrap'],
      start: 'daemon',
    });
  });

  it('installs what tests compare with while the engine starts, and only for tests', () => {
    const tests = planMending(machine(), absent, 'tests');
    expect(tests.engine).toEqual(['docker.io', 'iptables', 'ca-certificates']);
    expect(tests.others.join(' ')).toBe(
      'mmdebstrap tshark wireshark-common docker-compose tmux nftables gcc make procps iproute2 python3 bubblewrap tcpdump strace ethtool libc6-dev',
    );
  });

  it('goes through systemd where that runs', () => {
    expect(planMending(machine([], { systemd: true }), absent, 'running').start).toBe('systemd');
  });

  it('wants an AppArmor parser only where the kernel enforces AppArmor', () => {
    const engineOf = (there: string[]) => planMending(machine(there, { appArmor: true }), absent, 'running').engine;
    expect(engineOf([])).toContain('apparmor');
    expect(engineOf(['apparmor_parser'])).not.toContain('apparmor');
  });

  it('wants control groups mounted only where there is neither a mount nor systemd', () => {
    const engineOf = (systemd: boolean) =>
      planMending(machine([], { cgroups: false, systemd }), absent, 'running').engine;
    expect(engineOf(false)).toContain('cgroupfs-mount');
    expect(engineOf(true)).not.toContain('cgroupfs-mount');
  });

  it('lets an ordinary user make images in a user namespace', () => {
    expect(planMending(machine([], { root: false }), absent, 'running').others).toEqual(['mmdebstrap', 'uidmap']);
  });
});

describe('planMending elsewhere', () => {
  it('gives Ubuntu the keys of the Debian archive', () => {
    const system = machine(forRunning, { os: ubuntu, hasFile: (path) => path === certificates });
    expect(planMending(system, answering, 'running').others).toEqual(['debian-archive-keyring']);
  });

  it('only starts an engine that is installed', () => {
    const plan = planMending(machine(forRunning), absent, 'running');
    expect(plan).toEqual({ engine: [], others: [], start: 'daemon' });
    expect(nothingToMend(plan)).toBe(false);
  });

  it('does nothing where all is there, whoever installed it', () => {
    expect(nothingToMend(planMending(machine(forTests), answering, 'tests'))).toBe(true);
    // Docker's own packages bring no docker.io: an engine that answers is enough.
    expect(nothingToMend(planMending(machine(['mmdebstrap']), answering, 'running'))).toBe(true);
  });

  it('neither installs nor starts an engine that runs but refuses this user', () => {
    expect(nothingToMend(planMending(machine(forRunning), denied, 'running'))).toBe(true);
  });

  it('leaves an engine alone that the user chose by DOCKER_HOST', () => {
    const remote = { ...absent, usual: false, place: 'tcp://192.0.2.1:2375' };
    expect(planMending(machine(['mmdebstrap']), remote, 'running')).toEqual({
      engine: [],
      others: [],
      start: undefined,
    });
  });

  it('installs nothing on systems it does not know', () => {
    expect(nothingToMend(planMending(machine([], { os: fedora }), absent, 'tests'))).toBe(true);
    expect(nothingToMend(planMending(machine([], { platform: 'darwin' }), absent, 'tests'))).toBe(true);
  });
});

describe('mendingText', () => {
  it('says what will be installed and started', () => {
    expect(mendingText(planMending(machine(['mmdebstrap', certificates]), absent, 'running'))).toBe(
      'install docker.io, iptables (apt-get) and start the Docker Engine',
    );
    expect(mendingText(planMending(machine(forRunning), absent, 'running'))).toBe('start the Docker Engine');
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
