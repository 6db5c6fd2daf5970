import { expect, it } from 'vitest';
import { keeperFailure, sandboxHint } from './tools.ts';

/** As Ubuntu 23.10 and later are set, and what unshare(1) says there. */
const ubuntu = (file: string) => (file === 'kernel/apparmor_restrict_unprivileged_userns' ? '1' : undefined);
const words = 'unshare: write failed /proc/self/uid_map: Operation not permitted\n';

it('names the AppArmor setting that refuses namespaces, the profile that would allow them, and Docker', () => {
  const { message, hint } = keeperFailure(words, ubuntu);
  expect(message).toBe(
    'the lab cannot be made here: unshare: write failed /proc/self/uid_map: Operation not permitted',
  );
  expect(hint).toBe(
    '`sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, or an AppArmor profile that allows `userns` to bwrap; or use Docker: `labctl --engine docker up`',
  );
});

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
  expect(sandboxHint('make: *** [Makefile:2: install] Error 1')).toBeUndefined();
});
