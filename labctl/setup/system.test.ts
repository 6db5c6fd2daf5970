import { describe, expect, it } from 'vitest';
import { hasCgroups, isDebianLike, parseOsRelease, readSystem } from './system.ts';

describe('parseOsRelease', () => {
  it('reads quoted and plain values', () => {
    expect(parseOsRelease('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n')).toEqual({
      id: 'debian',
      like: [],
      name: 'Debian GNU/Linux 12 (bookworm)',
    });
  });

  it('reads what a system is derived from', () => {
    const mint = parseOsRelease("ID=linuxmint\nID_LIKE='ubuntu debian'\n");
    expect(mint).toEqual({ id: 'linuxmint', like: ['ubuntu', 'debian'], name: 'linuxmint' });
    expect(isDebianLike(mint)).toBe(true);
  });

  it('takes an empty or missing file for some Linux', () => {
    expect(parseOsRelease('')).toEqual({ id: 'linux', like: [], name: 'linux' });
    expect(isDebianLike(parseOsRelease('ID=fedora\n'))).toBe(false);
  });

  it('is not taken in by VERSION_ID', () => {
    expect(parseOsRelease('VERSION_ID=debian\nID=arch\n').id).toBe('arch');
  });
});

describe('hasCgroups', () => {
  it('sees version 2 and the controllers of version 1', () => {
    expect(hasCgroups('cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n')).toBe(true);
    expect(hasCgroups('cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0\n')).toBe(true);
  });

  it('does not take a bare tmpfs or a named hierarchy for controllers', () => {
    const bare = 'tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0\n';
    expect(hasCgroups(bare)).toBe(false);
    expect(hasCgroups('')).toBe(false);
  });
});

describe('readSystem', () => {
  it('finds programs on PATH and nothing that is only a folder or not executable', () => {
    const system = readSystem({ PATH: process.env.PATH });
    expect(system.has('sh')).toBe(true);
    expect(system.has('no-such-program')).toBe(false);
    expect(readSystem({ PATH: '/etc' }).has('passwd')).toBe(false);
  });
});
