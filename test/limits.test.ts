// What a hostile program can do to its host, and cannot do to any other: on Docker, and on the embedded engine both for
// root and for an ordinary user, where other means hold the limits.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnotherUser, anotherUser } from './another-user.ts';
import { type LabctlOptions, labctl, type Outcome } from './labctl.ts';

const isRoot = process.getuid?.() === 0;
const callers = [
  { who: 'docker', engine: 'docker', other: false },
  { who: 'embedded', engine: 'embedded', other: false },
  ...(isRoot ? [{ who: 'embedded, as an ordinary user', engine: 'embedded', other: true }] : []),
];

describe.each(callers)('limits: $who', ({ engine, other }) => {
  const lab = `labctl-test-limits-${process.pid}-${engine}${other ? '-user' : ''}`;
  let user: AnotherUser | undefined;
  const run = (argv: readonly string[], options?: LabctlOptions): Promise<Outcome> => {
    const whole = ['--engine', engine, '--lab', lab, ...argv];
    return user ? user.labctl(whole, options) : labctl(whole, options);
  };
  const python = (host: string, text: string) => run(['exec', host, 'python3', '-c', text]);

  beforeAll(async () => {
    if (other) user = await anotherUser();
    expect(await run(['up'])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    expect(await run(['down'])).toMatchObject({ code: 0 });
    await user?.[Symbol.asyncDispose]();
  });

  it('a host full of processes takes no more, and the others do not notice', async () => {
    const bomb = [
      'import os, time',
      'count = 0',
      'def all():',
      '    global count',
      '    while True:',
      '        if os.fork() == 0: time.sleep(60); os._exit(0)',
      '        count += 1',
      'try: all()',
      'except OSError as error: print(count, error.strerror, flush=True)',
      'os.read(0, 1)',
    ].join('\n');
    let others: Promise<Outcome> | undefined;
    const { stdout } = await run(['exec', 'client1', 'python3', '-c', bomb], {
      open: true,
      onChild: (child) =>
        child.stdout?.on('data', () => {
          others ??= run(['exec', 'client2', 'echo', 'unharmed']).finally(() => child.stdin?.end('x'));
        }),
    });
    expect(stdout).toMatch(/^2[3-5]\d Resource temporarily unavailable\n$/);
    expect(await others).toMatchObject({ code: 0, stdout: 'unharmed\n' });
  });

  it('a program that asks for ever more memory is refused or killed', async () => {
    const { code, stdout, stderr } = await python(
      'client2',
      'x = []\nfor i in range(100): x.append(bytearray(10_000_000))\nprint("had a gigabyte")',
    );
    expect(stdout).toBe('');
    if (code !== 137) expect([code, stderr]).toEqual([1, expect.stringMatching(/MemoryError/)]);
  });

  it('each folder is full after 64 MiB, and nothing can be written elsewhere', async () => {
    const script = `
      for folder in /work /tmp /dev/shm; do
        head -c 100m /dev/zero >$folder/full; stat -c '%n %s' $folder/full; rm $folder/full
      done
      for folder in / /dev /etc /usr /run; do touch $folder/x; done 2>/dev/null
      ls /x /*/x 2>/dev/null`;
    const { stdout, stderr } = await run(['exec', 'client3', 'sh', '-c', script]);
    expect(stderr.match(/No space left on device/g)).toHaveLength(3);
    const sizes = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    expect(sizes.map(([name]) => name)).toEqual(['/work/full', '/tmp/full', '/dev/shm/full']);
    for (const [, size] of sizes) {
      expect(Number(size)).toBeGreaterThan(60 * 2 ** 20);
      expect(Number(size)).toBeLessThanOrEqual(64 * 2 ** 20);
    }
  });
});
