// Types what the documents tell a reader to type: every command in a block marked `sh run`, one after the other, in a folder
// with the files that they speak of. What other blocks say is read by labctl/documents.test.ts.

import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../labctl/root.ts';
import { labName } from './engine-under-test.ts';
import { labctl } from './labctl.ts';

const lab = labName('docs');
const compose = join(packageRoot, 'docker-compose.yml');
let state: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'labctl-docs-'));
  await mkdir(join(state, 'class'));
  const handedIn = ['my.c', 'mon.c', 'solution.c', 'class/alice.c'];
  for (const file of handedIn) await copyFile(join(packageRoot, 'test/submissions/right-fork.c'), join(state, file));
});
afterAll(async () => {
  await labctl(['--lab', lab, 'down']);
  await rm(join(packageRoot, 'runs', lab), { recursive: true, force: true });
  await rm(state, { recursive: true, force: true });
});

const files = async (): Promise<string[]> => [
  'README.md',
  ...(await readdir(join(packageRoot, 'docs'))).map((name) => join('docs', name)),
];

/** Commands in the marked blocks of a document; what follows a `#` is for the reader. */
const commandsIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter(Boolean);

describe('what the documents tell to type', async () => {
  const typed = await Promise.all(
    (await files()).map(async (file) => ({
      file,
      commands: commandsIn(await readFile(join(packageRoot, file), 'utf8')),
    })),
  );
  const documents = typed.filter(({ commands }) => commands.length > 0);
  it('is more than a few commands', () => {
    expect(documents.flatMap(({ commands }) => commands).length).toBeGreaterThan(10);
  });
  it.each(documents)('in $file works', async ({ commands }) => {
    for (const command of commands) {
      const [, words = ''] = /^(?:npx )?labctl (.*)$/.exec(command) ?? [];
      const argv = ['--file', compose, '--lab', lab, '--engine', 'embedded', ...words.split(' ')];
      const { code, stderr } = await labctl(argv, { cwd: state, env: { XDG_STATE_HOME: state } });
      expect({ command, code, stderr: code === 0 ? '' : stderr }).toEqual({ command, code: 0, stderr: '' });
    }
  });
});
