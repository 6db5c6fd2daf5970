import { describe, expect, it } from 'vitest';
import type { CliArgument, CliCommand, CliOption } from '../../model/cli.ts';
import { manualPage, roff } from './man.ts';
import { cliReference } from './reference.ts';
import { wantedAt } from './wanted.ts';

const option = (flags: string, description: string, choices: string[] = []): CliOption => {
  const [, long = ''] = /(--[a-z-]+)/.exec(flags) ?? [];
  const [, short] = /^(-[a-z]),/i.exec(flags) ?? [];
  const [, value] = /[<[](.+)[>\]]/.exec(flags) ?? [];
  return { flags, long, description, choices, ...(short ? { short } : {}), ...(value ? { value } : {}) };
};
const argument = (name: string, variadic = false): CliArgument => ({ name, variadic, required: true, description: '' });
const command = (path: string, more: Partial<CliCommand> = {}): CliCommand => ({
  path,
  name: path.split(' ').at(-1) ?? '',
  description: `does ${path}`,
  arguments: [],
  options: [],
  commands: [],
  after: '',
  ...more,
});
const root = command('labctl', {
  options: [option('--lab <name>', 'the lab'), option('--engine <engine>', 'the engine', ['docker', 'embedded'])],
  commands: [
    command('labctl run', {
      arguments: [{ ...argument('scenario'), description: 'its name' }],
      options: [option('--lab-free', 'a switch'), option('--out <folder>', 'where it goes')],
      after: 'Examples:\n  labctl run x  .hidden and \\back',
    }),
    command('labctl exec', { arguments: [argument('host'), argument('command', true)] }),
    command('labctl images', { commands: [command('labctl images save', { arguments: [argument('file')] })] }),
  ],
});

describe('completion', () => {
  const wanted = (...words: string[]): string => {
    const { words: known, names } = wantedAt(root, words);
    return [...known.map(({ text }) => text), ...names.map((name) => `(${name})`)].join(' ');
  };
  it.each<[string[], string]>([
    [[''], 'run exec images'],
    [['r'], 'run'],
    [['--en'], '--engine'],
    [['--engine', ''], 'docker embedded'],
    [['--engine', '=', 'e'], 'embedded'],
    [['--engine', 'docker', 'ex'], 'exec'],
    [['run', ''], '(scenarios) (files)'],
    [['run', '--la'], '--lab-free --lab'],
    [['run', '--lab-free', ''], '(scenarios) (files)'],
    [['run', '--out', ''], '(files)'],
    [['run', 'x', ''], ''],
    [['--lab', 'run', 'exec', ''], '(hosts)'],
    [['exec', 'server', '-'], '--lab --engine'],
    [['exec', 'server', '--', '-'], ''],
    [['images', ''], 'save'],
    [['images', 'save', ''], '(files)'],
    [['nothing', 'x', ''], ''],
  ])('%j', (words, offered) => expect(wanted(...words)).toBe(offered));

  it('knows which lab the line speaks of', () => {
    expect(wantedAt(root, ['--lab', 'mine', 'exec', '']).said).toEqual({ lab: 'mine' });
  });
});

describe('the manual page', () => {
  it('is ASCII that roff takes for text', () => {
    expect(roff(".first\n'second\n-x \\n “é”…")).toBe(
      "\\&.first\n\\&'second\n\\-x \\en \\[u201C]\\[u00E9]\\[u201D]...",
    );
  });
  it('has every command that does something, with its own options and examples', () => {
    const page = manualPage(root, { version: '1.2.3', date: '2026-03-01' });
    expect(page.split('\n').slice(0, 1)).toEqual(['.TH LABCTL 1 "2026-03-01" "labctl 1.2.3" "User Commands"']);
    expect(page.match(/^\.SS .*/gm)).toEqual(['.SS "labctl run"', '.SS "labctl exec"', '.SS "labctl images save"']);
    expect(page).toContain('labctl run x  .hidden and \\eback');
    expect(page).toContain('\\fB\\-\\-engine <engine>\\fR\nthe engine [docker, embedded]');
  });
});

it('the reference has a section for each of them', () => {
  const text = cliReference(root);
  expect(text.match(/^## labctl .*/gm)).toEqual(['## labctl run', '## labctl exec', '## labctl images save']);
  expect(text).toContain(`## labctl run

\`\`\`text
labctl run <scenario> [options]
\`\`\`

Does labctl run.

|                  |               |
| ---------------- | ------------- |
| \`<scenario>\`     | its name      |
| \`--lab-free\`     | a switch      |
| \`--out <folder>\` | where it goes |

\`\`\`text
Examples:`);
});
