import { describe, expect, it } from 'vitest';
import { placesFor } from './places.ts';
import { imageCommand, tmpfsOptions } from './sandbox.ts';

it.each([
  ['exec,size=64m,mode=755,uid=1000', ['--size', '67108864', '--perms', '755', '--tmpfs', '/work']],
  ['size=512', ['--size', '512', '--perms', '1777', '--tmpfs', '/work']],
  ['', ['--perms', '1777', '--tmpfs', '/work']],
])('tmpfs %j', (options, expected) => expect(tmpfsOptions('/work', options)).toEqual(expected));

it.each([
  ['FROM x\nCMD ["a"]\nCMD ["lab-host", "b"]\n', ['lab-host', 'b']],
  ['cmd sleep 1', ['sh', '-c', 'sleep 1']],
  ['FROM x', undefined],
])('the command of %j', (dockerfile, expected) => expect(imageCommand(dockerfile)).toEqual(expected));

describe('where things lie', () => {
  it('follows the XDG base directories', () =>
    expect(placesFor({ XDG_RUNTIME_DIR: '/run/user/5', HOME: '/home/a' }, 5)).toEqual({
      runtime: '/run/user/5/labctl',
      cache: '/home/a/.cache/labctl',
      session: '/run/user/5',
    }));
  it('does without a home', () => expect(placesFor({ XDG_RUNTIME_DIR: '/r' }, 5).cache).toBe('/r/labctl/.images'));
  it('never lets root be the labs’ user', () => expect(placesFor({}, 0).user?.uid).toBeGreaterThan(60_000));
});
