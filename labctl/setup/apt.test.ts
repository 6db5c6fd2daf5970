import { describe, expect, it } from 'vitest';
import { candidates, complaint } from './apt.ts';

describe('candidates', () => {
  it('takes what apt-cache policy could install', () => {
    const policy = [
      'docker.io:',
      '  Installed: (none)',
      '  Candidate: 20.10.24+dfsg1-1+deb12u1',
      '  Version table:',
      '     20.10.24+dfsg1-1+deb12u1 500',
      'tshark:',
      '  Installed: 4.0.17-0+deb12u3',
      '  Candidate: 4.0.17-0+deb12u3',
      'virtual-only:',
      '  Installed: (none)',
      '  Candidate: (none)',
      '',
    ];
    expect([...candidates(policy.join('\n'))]).toEqual(['docker.io', 'tshark']);
  });

  it('is empty where there are no lists yet', () => expect(candidates('').size).toBe(0));
});

describe('complaint', () => {
  it('gives the errors alone', () => {
    const stderr = 'W: something odd\nE: Failed to fetch x  404  Not Found\nE: Unable to fetch some archives\n';
    expect(complaint(stderr)).toBe('Failed to fetch x  404  Not Found; Unable to fetch some archives');
  });

  it('gives the last line where there are none', () => {
    expect(complaint('sudo: a password is required\n')).toBe('sudo: a password is required');
    expect(complaint('')).toBe('apt-get failed');
  });
});
