// A student at a terminal takes a lesson: predicts, leaves, comes back, sees it happen, asks for a hint, reads the answer.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../labctl/root.ts';
import { labName } from './engine-under-test.ts';
import { cli, type LabctlOptions, labctl } from './labctl.ts';
import { Terminal } from './tmux.ts';

const lab = labName('learn');
let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'labctl-state-'));
  expect(await labctl(['--lab', lab, '--engine', 'embedded', 'up'])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  expect(await labctl(['--lab', lab, 'down'])).toMatchObject({ code: 0 });
  await rm(state, { recursive: true, force: true });
});

const learn = (words: string[], options: LabctlOptions = {}) =>
  labctl(['--lab', lab, 'learn', ...words], { ...options, env: { XDG_STATE_HOME: state, COLUMNS: '100' } });
const student = (words: string) =>
  Terminal.open(
    `trap : INT; XDG_STATE_HOME='${state}' '${process.execPath}' '${cli}' --lab ${lab} learn ${words}; echo "left with $?"; exec cat`,
    { columns: 100, rows: 60 },
    packageRoot,
  );
const has = (text: string) => (screen: string) => screen.includes(text);

it('a lesson is left and taken up again, at a real terminal', async () => {
  {
    await using first = await student('second-client --student anna');
    await first.until(has('1 to 4'), 'the first question');
    await first.type('7', 'Enter');
    await first.until(has('A number from 1 to 4'), 'what may be typed');
    await first.type('4', 'Enter');
    await first.until(has('question 2 of 3'), 'the second question');
    await first.type('C-d');
    const left = await first.until(has('left with 0'), 'the end');
    expect(left).toContain(`learn --student anna second-client`);
  }
  await using again = await student('second-client --student anna');
  await again.until(has('Welcome back'), 'a welcome');
  await again.type('Enter');
  await again.until(has('Your turn'), 'the student’s turn');
  await again.type('m', 'Enter');
  await again.until(has('Enter, here, when you have finished.'), 'what to do by hand');
  expect(await labctl(['--lab', lab, 'exec', 'client1', 'client'])).toMatchObject({ code: 1 });
  await again.type('Enter');
  await again.until(has('And so it was.'), 'the comparison with the run');
  await again.type('h', 'Enter');
  await again.until(has('Hint 1 of 2'), 'a hint');
  await again.type('the kernel is polite', 'Enter');
  const answer = await again.until(has('Enter: the next question.'), 'the answer');
  expect(answer).toContain('You wrote: the kernel is polite');
  expect(answer).toContain('What proves it, in this very run');
  expect(answer).toMatch(/├── S seq 0 ─.*─►│ .*SYN: client2 asks to connect/);
  await again.type('C-c');
  await again.until(has('left with 130'), 'the end by Ctrl-C');

  const { stdout } = await learn(['--student', 'anna', '--json']);
  const { lessons } = JSON.parse(stdout) as { lessons: { name: string; answered: number; begun: boolean }[] };
  expect(lessons.filter(({ begun }) => begun)).toMatchObject([{ name: 'second-client', answered: 1 }]);
});

it('answers may come from a pipe, in French too, and what was finished stays so', async () => {
  const lines = `4${'\n'.repeat(8)}`;
  const { code, stdout } = await learn(['second-client', '--lang', 'fr', '--student', 'zoé'], { input: lines });
  expect(code).toBe(0);
  expect(stdout).toContain('Et c’était bien cela.');
  expect(stdout).toContain('C’était toute la leçon.');
  expect(stdout).toContain('Sur 1 prévision, l’exécution vous a donné raison 1 fois.');
  expect(stdout).toMatch(/labctl .*--lang fr learn --student zoé many-clients/);

  const file = join(state, 'labctl/learn/zo_', 'second-client.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1, lesson: 'second-client' });
  expect((await learn(['second-client', '--student', 'zoé'])).stdout).toContain('finished this lesson already');
});

it('a lesson with a lab of its own leads back to the others', async () => {
  const { code, stdout } = await learn(['dual-stack', '--student', 'ben']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/labctl --lab \S+ learn --student ben dual-stack\n$/);
});
