// Fairness: right programs pass, wrong ones fail for the reason that is theirs, and hostile ones harm nobody. The
// programs lie in test/submissions (those for dual-stack beside it); all of them are graded by the embedded engine, several at a time.

import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../labctl/root.ts';
import { labctl, type Outcome } from './labctl.ts';

const programs = join(packageRoot, 'test/submissions');

/** Submission → the fault that a grade names, or the kind of its reason; `met` for right ones. */
type Faults = Record<string, string>;

const one = ['right-one-at-a-time.c', 'right-one-at-a-time.py', 'right-make'];
const forking = ['right-fork.c', 'right-fork.py'];
const together = ['right-asyncio.py', 'right-epoll-chatty.py', 'right-poll.c', 'right-threads.c'];
const all = (names: readonly string[], fault: string): Faults => Object.fromEntries(names.map((name) => [name, fault]));

/** Wrong in every scenario, in the same way and quickly. */
const wrong: Faults = {
  'wrong-answers-before-reading.py': 'answers-too-early',
  'wrong-binds-loopback.py': 'one-address',
  'wrong-binds-one-address.py': 'one-address',
  'wrong-does-not-compile.c': 'does-not-compile',
  'wrong-does-not-start.py': 'does-not-start',
  'wrong-one-line-then-closes.py': 'closes-first',
  'wrong-reopens.py': 'stops-listening',
  'wrong-swallows-last-byte.py': 'swallows-bytes',
  'wrong-sixteen-bytes.c': 'swallows-bytes',
};

/** Wrong with one client after the other. */
const wrongInFirst: Faults = {
  ...wrong,
  'wrong-closes-listener.py': 'stops-listening',
  'wrong-each-address.py': 'one-address',
  'wrong-crashes.c': 'crashes',
  'wrong-exits-after-one.py': 'exits-early',
  'wrong-fork-keeps-socket.c': 'parent-keeps-socket',
  'wrong-never-accepts.py': 'never-accepts',
  'wrong-never-closes.py': 'never-closes',
  'wrong-no-loop.c': 'accepts-once',
  'wrong-one-line-then-waits.py': 'answers-once',
  'wrong-reads-to-the-end-first.py': 'no-answer',
  'wrong-reversed.py': 'wrong-order',
  'wrong-upper-case.py': 'changes-bytes',
  'wrong-wrong-port.py': 'wrong-port',
  'wrong-udp.py': 'never-listens',
};

/** The programs of test/clients. */
const clients: Faults = {
  'right-poll.c': 'met',
  'right-takes-turns.py': 'met',
  'right-threads.py': 'met',
  'wrong-connects-again.py': 'connects-again',
  'wrong-crashes.py': 'crashes',
  'wrong-exit-code.py': 'ends-badly',
  'wrong-hangs-up.py': 'hangs-up',
  'wrong-never-finishes.py': 'does-not-end',
  'wrong-never-sends.py': 'sends-nothing',
  'wrong-one-line-only.py': 'ends-early',
  'wrong-own-words.py': 'sends-other',
  'wrong-port.py': 'does-not-start',
  'wrong-sends-whole-buffer.c': 'sends-other',
  'wrong-shows-nothing.py': 'shows-nothing',
  'wrong-udp.py': 'does-not-connect',
  'wrong-upper-case.py': 'sends-other',
};

const hostile: Faults = {
  'endless-loop.c': 'never-listens',
  'endless-output.py': 'never-listens',
  'fills-disk.py': 'met',
  'floods.py': 'answers-too-early',
  'fork-bomb.c': 'too-many-processes',
  'eats-memory.py': 'does-not-start',
  'evil-make': 'does-not-compile',
  'link.c': 'refused',
  links: 'does-not-compile',
  'new\nline\u001b[2J =1+1.py': 'met',
};

interface Graded {
  submissions: {
    submission: string;
    grades: { scenario: string; verdict: string; reason: { kind: string; fault?: string; text: string } }[];
  }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labctl-grade-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A class of these programs in a folder of its own. */
async function classOf(name: string, faults: Faults): Promise<string> {
  const place = join(folder, name);
  for (const file of Object.keys(faults).filter((program) => /^(right|wrong)-/.test(program)))
    await cp(join(programs, file), join(place, file), { recursive: true });
  return place;
}

const grade = (scenarios: readonly string[], submissions: string, ...more: string[]): Promise<Outcome> =>
  labctl([
    '--engine',
    'embedded',
    '--json',
    'grade',
    ...scenarios,
    '--submissions',
    submissions,
    '--jobs',
    '4',
    ...more,
  ]);

const faultsIn = (json: string, scenario: string): Faults =>
  Object.fromEntries(
    (JSON.parse(json) as Graded).submissions.map(({ submission, grades }) => {
      const reason = grades.find((graded) => graded.scenario === scenario)?.reason;
      return [submission, reason?.fault ?? reason?.kind ?? 'nothing'];
    }),
  );

describe('a class in first-client, with hostile programs among it', () => {
  const expected = { ...all([...one, ...forking, ...together], 'met'), ...wrongInFirst, ...hostile };
  let place: string;
  let outcome: Outcome;

  beforeAll(async () => {
    place = await classOf('first', { ...all([...one, ...forking, ...together], 'met'), ...wrongInFirst });
    await cp(join(packageRoot, 'test/submissions-hostile'), place, { recursive: true });
    await symlink('/etc/passwd', join(place, 'link.c'));
    await cp(join(programs, 'right-make'), join(place, 'links'), {
      recursive: true,
      filter: (file) => !/\.[ch]$/.test(file),
    });
    await symlink('/etc/passwd', join(place, 'links/main.c'));
    await cp(join(programs, 'right-fork.py'), join(place, 'new\nline\u001b[2J =1+1.py'));
    outcome = await grade(['first-client'], place, '--out', join(folder, 'out'));
  });

  it('judges each by what it does', () => {
    const faults = faultsIn(outcome.stdout, 'first-client');
    // Whether the first of its flood comes before the client's first line is chance; both are told truly.
    expect(['answers-too-early', 'changes-bytes']).toContain(faults['floods.py']);
    faults['floods.py'] = expected['floods.py'] ?? '';
    expect([outcome.code, faults], outcome.stderr).toEqual([1, expected]);
  });

  it('leaves no lab, and nothing outside of the labs', async () => {
    const { stdout } = await labctl(['--engine', 'embedded', 'ps', '--json']);
    expect(stdout).not.toContain('labctl-grade');
    await expect(readFile('/usr/pwned')).rejects.toThrow('ENOENT');
  });

  it('writes tables in which a student’s words do nothing', async () => {
    const read = (name: string) => readFile(join(folder, 'out', name), 'utf8');
    const [csv, xml, html] = await Promise.all(['grades.csv', 'grades.xml', 'grades.html'].map(read));
    for (const text of [csv, xml, html]) {
      expect(text).toContain('new␊line␛[2J =1+1.py');
      expect(text).not.toContain('\u001b');
    }
    expect(csv?.split('\r\n')).toHaveLength(Object.keys(expected).length + 2);
    expect(xml).toContain('<failure message="it listens on the wrong port: on 0.0.0.0:5001');
  });

  it('goes on where it was, and grades anew what was handed in anew', async () => {
    await writeFile(join(place, 'wrong-does-not-start.py'), 'import sys; sys.exit(4)\n');
    const again = await labctl([
      '--engine',
      'embedded',
      'grade',
      'first-client',
      '--submissions',
      place,
      '--out',
      join(folder, 'out'),
    ]);
    expect(again.stderr).toContain(`${Object.keys(expected).length - 1} grades taken over`);
    expect(again.stdout.replace(/\s+/g, ' ')).toContain('it ended with code 4');
  });
});

it('is as fair in a scenario with a lab of its own, by both families of addresses', async () => {
  const expected: Faults = {
    'right-forks-by-name.py': 'met',
    'right-one-socket.c': 'met',
    'right-two-sockets.py': 'met',
    'wrong-ipv4-only.py': 'ipv4-only',
    'wrong-ipv6-only.py': 'ipv6-only',
  };
  const submissions = join(packageRoot, 'test/submissions-dual-stack');
  const { stdout, stderr } = await grade(['dual-stack'], submissions, '--out', join(folder, 'dual'));
  expect(faultsIn(stdout, 'dual-stack'), stderr).toEqual(expected);
});

it('is as fair in the other scenarios', async () => {
  const [waiting, apart, atOnce] = [one.slice(0, 2), forking, ['right-asyncio.py', 'right-poll.c']];
  const expected: Record<string, Faults> = {
    'second-client': { ...all(waiting, 'met'), ...all([...atOnce, ...apart], 'serves-at-once'), ...wrong },
    'many-clients': { ...all(waiting, 'one-at-a-time'), ...all(atOnce, 'other-model'), ...all(apart, 'met'), ...wrong },
    'select-server': {
      ...all(waiting, 'one-at-a-time'),
      ...all(atOnce, 'met'),
      ...all(apart, 'other-model'),
      ...wrong,
    },
    'any-address': { ...all([...waiting, ...atOnce, ...apart], 'met'), ...wrong },
  };
  const place = await classOf('others', expected['any-address'] ?? {});
  const { stdout, stderr } = await grade(Object.keys(expected), place, '--out', join(folder, 'out-others'));
  for (const [scenario, faults] of Object.entries(expected))
    expect([scenario, faultsIn(stdout, scenario)], stderr).toEqual([scenario, faults]);
});

it('is as fair with clients', async () => {
  const scenarios = ['first-client', 'who-closes-first'];
  const place = join(packageRoot, 'test/clients');
  const out = join(folder, 'out-clients');
  const { stdout, stderr } = await grade(scenarios, place, '--role', 'client', '--out', out);
  // Who hangs up after its answer has come does in first-client nothing that shows on the wire.
  expect(faultsIn(stdout, 'first-client'), stderr).toEqual({ ...clients, 'wrong-hangs-up.py': 'met' });
  expect(faultsIn(stdout, 'who-closes-first'), stderr).toEqual(clients);
});

it('takes any way of working when told to', async () => {
  const right = all(['right-fork.c', 'right-threads.c'], 'met');
  const place = await classOf('models', right);
  const out = join(folder, 'out-any');
  const scenarios = ['many-clients', 'second-client', 'select-server'];
  const { code, stdout } = await grade(scenarios, place, '--any-model', '--out', out);
  expect([...scenarios.map((scenario) => faultsIn(stdout, scenario)), code]).toEqual([right, right, right, 0]);
});
