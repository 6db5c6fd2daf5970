import { expect, it } from 'vitest';
import { keeperFailure, sandboxHint } from './tools.ts';

/** As Ubuntu 23.10 and later are set, where only root may read it, and what unshare(1) says there. */
const ubuntu = (value: string) => (file: string) =>
  file === 'kernel/apparmor_restrict_unprivileged_userns' ? value : undefined;
const words = 'unshare: write failed /proc/self/uid_map: Operation not permitted\n';

it.each(['1', 'hidden'])(
  'names the AppArmor setting that refuses namespaces (%s), the profiles that would allow them, and Docker',
  (value) => {
    const { message, hint } = keeperFailure(words, ubuntu(value));
    expect(message).toBe(
      'the lab cannot be made here: unshare: write failed /proc/self/uid_map: Operation not permitted',
    );
    expect(hint).toBe(
      '`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or AppArmor profiles with `userns,` for /usr/bin/unshare and /usr/bin/bwrap (docs/teachers.md has them); or use Docker: `labctl --engine docker up`',
    );
  },
);

it.each([
  ['kernel/unprivileged_userns_clone', '0', 'sudo sysctl kernel.unprivileged_userns_clone=1'],
  ['user/max_user_namespaces', '0', 'sudo sysctl user.max_user_namespaces='],
])('names %s where it is %s', (file, value, command) => {
  expect(keeperFailure(words, (one) => (one === file ? value : '1000')).hint).toContain(command);
});

it('blames no setting that allows namespaces', () => {
  expect(keeperFailure('', () => undefined)).toMatchObject({
    message: 'the lab cannot be made here: its keeper ended at once',
    hint: 'use Docker: `labctl --engine docker up`',
  });
});

it('knows bubblewrap’s complaints from others', () => {
  expect(sandboxHint('bwrap: Unknown option --disable-userns')).toContain('bubblewrap 0.8');
  expect(sandboxHint('bwrap: Creating new namespace failed: Operation not permitted')).toContain('Docker');
  expect(
    sandboxHint('bwrap: No permissions to create new namespace, likely because the kernel does not allow …'),
  ).toContain('Docker');
  expect(sandboxHint('make: *** [Makefile:2: install] Error 1')).toBeUndefined();
});
