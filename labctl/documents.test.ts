// Holds the documents against the disk: links lead somewhere, what is generated is up to date, both languages are level.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { main } from './commands/main.ts';
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

describe('docs/', () => {
  it('has the command line as the declarations have it (`npm run documents` writes it anew)', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const io = {
      stdin: new PassThrough(),
      stdout,
      stderr,
      env: {},
      cwd: packageRoot,
      signal: new AbortController().signal,
    };
    expect(await main(['man', '--markdown'], io)).toBe(0);
    stdout.end();
    expect(read('docs/cli.md')).toBe(await text(stdout));
  });

  it('tells students the same in both languages: headings, tables and commands', () => {
    const shape = (file: string): string[] =>
      [...read(file).matchAll(/^(#+ |\|(?= )|```\w*)/gm)].map(([, mark = '']) => mark.trim());
    expect(shape('docs/students.fr.md')).toEqual(shape('docs/students.md'));
  });
});
