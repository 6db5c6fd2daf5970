import { Command, Option } from '@commander-js/extra-typings';
import { expect, it } from 'vitest';
import { commandWord, declarationsFor } from './declarations.ts';
import type { Program } from './declare.ts';

const options = [new Option('--lab <name>'), new Option('--engine <engine>'), new Option('--json')];

it.each([
  ['ps', 'ps'],
  ['--lab exec ps', 'ps'],
  ['--lab=exec ps', 'ps'],
  ['--json exec server ls --help', 'exec'],
  ['--help exec', undefined],
  ['--lab', undefined],
  ['-- ps', undefined],
  ['', undefined],
])('finds in `%s` the command %s', (line, word) => {
  expect(commandWord(line.split(' ').filter(Boolean), options)).toBe(word);
});

const declared = async (...argv: string[]): Promise<string[]> => {
  const program = new Command().enablePositionalOptions() as Program;
  for (const declare of await declarationsFor(argv, options)) declare(program, () => () => Promise.resolve());
  return program.commands.map((command) => command.name());
};

it('declares the one command that is meant, and all where none is', async () => {
  expect(await declared('shell', 'server')).toEqual(['shell']);
  const all = await declared();
  expect(all.slice(0, 4)).toEqual(['start', 'up', 'down', 'ps']);
  for (const argv of [['--help'], ['help'], ['shel'], ['constructor'], ['man'], ['complete', 'e']])
    expect(await declared(...argv)).toEqual(all);
});

it('knows every command by its own name', async () => {
  const all = await declared();
  const tellOfAll = ['man', 'completion', 'complete'];
  for (const name of all.filter((one) => !tellOfAll.includes(one))) expect(await declared(name)).toEqual([name]);
});
