// A person at a terminal: holds a scenario with --step, looks around with htop, resizes, quits, opens a shell.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../labctl/root.ts';
import { labName } from '../engine-under-test.ts';
import { cli, labctl } from '../labctl.ts';
import { Terminal } from '../tmux.ts';

const lab = labName('term');
const command = (words: string): string =>
  `trap : INT; '${process.execPath}' '${cli}' --lab ${lab} ${words}; echo "left with $?"; exec cat`;
const open = (words: string, columns: number, rows: number) =>
  Terminal.open(command(words), { columns, rows }, packageRoot);

beforeAll(async () => {
  expect(await labctl(['--lab', lab, 'up'])).toMatchObject({ code: 0 });
});
afterAll(async () => {
  expect(await labctl(['--lab', lab, 'down'])).toMatchObject({ code: 0 });
});

it('htop shows one server2 with three children while many-clients is held', async () => {
  await using lesson = await open('run many-clients --step', 100, 30);
  await lesson.until((screen) => screen.includes('step 1 of'), 'the first step');
  for (let step = 2; step <= 5; step++) {
    await lesson.type('Enter');
    await lesson.until((screen) => screen.includes(`step ${step} of`), `step ${step}`);
  }

  await using around = await open('exec server htop', 100, 24);
  await around.until((screen) => screen.includes('F5'), 'htop');
  await around.type('F5');
  const tree = await around.until((screen) => /[├└]─ server2/.test(screen), 'the process tree');
  expect(tree.match(/[├└]─ server2\s*$/gm)).toHaveLength(3);
  expect(tree.match(/\d\.\d\d server2\s*$/gm)).toHaveLength(1);

  await around.resize({ columns: 132, rows: 40 });
  await around.until((screen) => /F1Help/.test(screen.split('\n')[39] ?? ''), 'htop at the new size');
  await around.type('q');
  await around.until((screen) => screen.includes('left with 0'), 'the exit code of htop');

  await lesson.type('C-c');
  await lesson.until((screen) => screen.includes('left with 130'), 'the exit code of an interrupted run');
});

it('a shell opens in the sources, where make works, and gives its exit code', async () => {
  await using shell = await open('shell server', 90, 24);
  await shell.until((screen) => screen.includes('/work') || screen.includes('~$'), 'a prompt in the source folder');
  await shell.type('make && ./server --help | head -1; exit 7', 'Enter');
  const screen = await shell.until((text) => text.includes('left with'), 'the end of the shell');
  expect(screen).toContain('usage: server');
  expect(screen).toContain('left with 7');
});

it('a shell has a terminal of its own, with job control, in which keys are signals', async () => {
  await using shell = await open('shell client1', 90, 24);
  await shell.until((screen) => screen.includes('$'), 'a prompt');
  await shell.type('tty; stty size', 'Enter');
  await shell.until((screen) => /^\/dev\/pts\/\d+\n24 90$/m.test(screen), 'the name and the size of the terminal');
  const job = `sh -c "trap 'echo again' CONT; echo begun; while :; do sleep 0.1; done"`;
  await shell.type(job, 'Enter');
  await shell.until((screen) => /^begun$/m.test(screen), 'a job');
  await shell.type('C-z');
  await shell.until((screen) => /Stopped +sh -c/.test(screen), 'a stopped job');
  await shell.type('fg', 'Enter');
  await shell.until((screen) => /^again$/m.test(screen), 'the job again');
  await shell.type('C-c');
  await shell.type('echo "code $?"; ps -o tty= -p $$', 'Enter');
  await shell.until((screen) => /^code 130\npts\/\d+$/m.test(screen), 'what Ctrl-C did');
  await shell.resize({ columns: 120, rows: 30 });
  await shell.type('stty size', 'Enter');
  await shell.until((screen) => /^30 120$/m.test(screen), 'the new size');
  await shell.type('C-d');
  await shell.until((screen) => screen.includes('left with 0'), 'the end of the shell');
});

it('a program types nothing into the terminal that labctl was called in', async () => {
  const type = 'import fcntl, termios; [fcntl.ioctl(0, termios.TIOCSTI, bytes([c])) for c in b"typed by a program\\n"]';
  await using outside = await open(`exec client1 python3 -c '${type}'`, 90, 24);
  await outside.until((screen) => /left with \d/.test(screen), 'its end');
  // What stands in this terminal's input by now comes before what is typed next.
  await outside.type('by hand', 'Enter');
  const screen = await outside.until((text) => (text.match(/by hand/g) ?? []).length === 2, 'what cat has read');
  expect(screen.slice(screen.indexOf('left with'))).not.toContain('typed by a program');
});

it('a scenario with --step goes on by itself where no more input can come', async () => {
  const { code, stderr } = await labctl(['--lab', lab, 'run', 'second-client', '--step']);
  expect(stderr).toContain('step 1 of');
  expect(code).toBe(0);
});
