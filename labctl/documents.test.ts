// Holds the documents against the disk: links lead somewhere, commands have the words and options that are told, what is
// generated is up to date, both languages are level.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { main } from './commands/main.ts';
import type { CliCommand } from './model/cli.ts';
import { packageRoot } from './root.ts';

const markdownIn = (folder: string): string[] =>
  readdirSync(join(packageRoot, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const documents = [...markdownIn('.'), ...markdownIn('docs')];
const read = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');
const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');

/** As GitHub names headings: lower case, words joined by dashes, everything else left out. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );

/** Why a link of a file leads nowhere; undefined when it leads somewhere, or out of the repository. */
function broken(file: string, target: string): string | undefined {
  if (/^https?:\/\//.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const there = path === '' ? join(packageRoot, file) : resolve(packageRoot, dirname(file), path);
  if (relative(packageRoot, there).startsWith('..')) return 'lies outside';
  if (!existsSync(there)) return 'is not there';
  if (anchor === undefined || statSync(there).isDirectory()) return undefined;
  return anchorsOf(readFileSync(there, 'utf8')).includes(anchor) ? undefined : 'has no such heading';
}

describe.each(documents)('%s', (file) => {
  it('has no link that leads nowhere', () => {
    const links = [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const wrong = links.flatMap((target) => {
      const why = broken(file, target);
      return why === undefined ? [] : [`${target} ${why}`];
    });
    expect(wrong).toEqual([]);
  });
});

/** What a command of labctl prints. */
async function printed(...argv: string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: {},
    cwd: packageRoot,
    signal: new AbortController().signal,
  };
  expect(await main(argv, io)).toBe(0);
  stdout.end();
  return text(stdout);
}

/** Command lines in blocks for the shell and, where they begin with the program, between backquotes. */
function commandLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|console)(?: run)?\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.split('\n').map((line) => line.replace(/\s+#.*$/, '')),
  );
  const spans = [...markdown.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) =>
    span.replaceAll('\n', ' '),
  );
  return [...blocks, ...spans]
    .map((line) => line.trim())
    .filter((line) => /^(npx )?labctl |^npm run |^npx vitest /.test(line));
}

/** Why a line cannot be typed; undefined when it can. What stands behind `--` or a pipe is another program's. */
function wrongIn(line: string, root: CliCommand): string | undefined {
  const words = (line.split(/ -- | \| | > /)[0] ?? '').split(/\s+/);
  if (words[0] === 'npm') return scripts.includes(words[2] ?? '') ? undefined : `npm has no script ${words[2]}`;
  if (words[1] === 'vitest') return undefined;
  let command = root;
  const known = [root];
  for (const word of words.slice(words.indexOf('labctl') + 1)) {
    const next = command.commands.find(({ name }) => name === word);
    if (next !== undefined && known.length < 3) known.push((command = next));
    const option = /^(--[a-z-]+|-[a-zA-Z])(=|$)/.exec(word)?.[1];
    if (
      option !== undefined &&
      !known.some(({ options }) => options.some((one) => [one.long, one.short].includes(option)))
    )
      return `${command.path} has no option ${option}`;
    if (command === root && !word.startsWith('-') && known.length === 1 && isCommand(word, words))
      return `no command ${word}`;
  }
  return undefined;
}

/** Upper case stands for something; what follows an option of labctl's own may be its value. */
const isCommand = (word: string, words: readonly string[]): boolean =>
  /^[a-z]/.test(word) && !(words[words.indexOf(word) - 1] ?? '').startsWith('--');

const { scripts: all } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: object };
const scripts = Object.keys(all);

describe('commands in the documents', async () => {
  const { command: root } = JSON.parse(await printed('man', '--json')) as { command: CliCommand };
  it.each(documents.filter((file) => file !== 'docs/cli.md'))('%s tells what can be typed', (file) => {
    const wrong = commandLines(read(file)).flatMap((line) => {
      const why = wrongIn(line, root);
      return why === undefined ? [] : [`${line}: ${why}`];
    });
    expect(wrong).toEqual([]);
  });

  it('are found wrong where they are', () => {
    const lines = ['npx labctl shw', 'labctl run refused --nothing', 'npm run nothing', 'labctl --lab x down'];
    expect(lines.map((line) => wrongIn(line, root))).toEqual([
      'no command shw',
      'labctl run has no option --nothing',
      'npm has no script nothing',
      undefined,
    ]);
  });

  it('are the same to students in both languages', () => {
    const typed = (file: string) => commandLines(read(file)).map((line) => line.replace(/ --lang fr|m(y|on)\.c/g, ''));
    expect(new Set(typed('docs/students.fr.md'))).toEqual(new Set(typed('docs/students.md')));
  });
});

describe('docs/', () => {
  it('has the command line as the declarations have it (`npm run documents` writes it anew)', async () => {
    expect(read('docs/cli.md')).toBe(await printed('man', '--markdown'));
  });

  it('tells students the same in both languages: headings, tables and commands', () => {
    const shape = (file: string): string[] =>
      [...read(file).matchAll(/^(#+ |\|(?= )|```\w*)/gm)].map(([, mark = '']) => mark.trim());
    expect(shape('docs/students.fr.md')).toEqual(shape('docs/students.md'));
  });
});
