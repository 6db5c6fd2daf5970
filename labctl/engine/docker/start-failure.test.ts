import { describe, expect, it } from 'vitest';
import { startFailure } from './start-failure.ts';

const words = (end: string): Buffer =>
  Buffer.from(`OCI runtime exec failed: exec failed: unable to start container process: ${end}: unknown\r\n`);

describe('startFailure', () => {
  it('tells a program that is not there from one that cannot run, as a shell does', () => {
    expect(startFailure(words('exec: "nosuch": executable file not found in $PATH'), 'nosuch')).toEqual({
      message: 'nosuch: there is no such program',
      exitCode: 127,
    });
    expect(startFailure(words('exec: "/etc/passwd": permission denied'), '/etc/passwd')).toEqual({
      message: '/etc/passwd: cannot be started: permission denied',
      exitCode: 126,
    });
  });

  it('takes a program at its word', () => {
    expect(startFailure(Buffer.from('executable file not found\n'), 'server')).toBeUndefined();
    expect(startFailure(Buffer.alloc(0), 'server')).toBeUndefined();
  });
});
