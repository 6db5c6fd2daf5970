// What may stand where the cursor is on a command line: words that are known from the declarations, or kinds of names.

import type { CliCommand, CliOption } from '../../model/cli.ts';

/** Names that only the lab, the disk or the runs folder knows. */
export type NameKind = 'hosts' | 'scenarios' | 'runs' | 'files';

export interface Wanted {
  words: { text: string; description: string }[];
  names: NameKind[];
  /** What was said before that chooses the lab: `--lab x`, `--file y`. */
  said: Record<string, string>;
}

const kindsByName: Record<string, NameKind[]> = {
  host: ['hosts'],
  hosts: ['hosts'],
  scenario: ['scenarios', 'files'],
  run: ['runs', 'files'],
  runs: ['runs'],
  file: ['files'],
  files: ['files'],
  path: ['files'],
  folder: ['files'],
  dir: ['files'],
};

const kindsOf = (name: string): NameKind[] => kindsByName[name.toLowerCase()] ?? [];

interface Walk {
  command: CliCommand;
  /** Arguments of the command that stand already. */
  given: number;
  /** The option whose value comes next. */
  awaiting: CliOption | undefined;
  /** Behind `--` nothing is an option. */
  plain: boolean;
  said: Record<string, string>;
}

/** `words`: all behind the program's name, the last one being typed, perhaps empty. */
export function wantedAt(root: CliCommand, words: readonly string[]): Wanted {
  const current = words.at(-1) ?? '';
  let walk: Walk = { command: root, given: 0, awaiting: undefined, plain: false, said: {} };
  // A shell that breaks words at `=` gives `--engine`, `=`, `dock`.
  for (const word of words.slice(0, -1).filter((each) => each !== '=')) walk = after(walk, word, root);
  const { words: known, names } = wantedBy(walk, current, root);
  return { words: known.filter(({ text }) => text.startsWith(current)), names, said: walk.said };
}

const optionNamed = ({ command }: Walk, root: CliCommand, word: string): CliOption | undefined =>
  [...command.options, ...root.options].find(({ long, short }) => word === long || word === short);

function after(walk: Walk, word: string, root: CliCommand): Walk {
  if (walk.awaiting !== undefined) {
    const { long = '' } = walk.awaiting;
    return { ...walk, awaiting: undefined, said: { ...walk.said, [long.replace(/^--/, '')]: word } };
  }
  if (word === '--') return { ...walk, plain: true };
  if (word.startsWith('-') && !walk.plain) {
    const option = optionNamed(walk, root, word);
    return option?.value === undefined ? walk : { ...walk, awaiting: option };
  }
  const below = walk.command.commands.find(({ name }) => name === word);
  return below ? { ...walk, command: below, given: 0 } : { ...walk, given: walk.given + 1 };
}

function wantedBy(walk: Walk, current: string, root: CliCommand): Omit<Wanted, 'said'> {
  const { command, given, awaiting, plain } = walk;
  if (awaiting !== undefined)
    return {
      words: awaiting.choices.map((text) => ({ text, description: '' })),
      names: awaiting.choices.length > 0 ? [] : kindsOf(awaiting.value ?? ''),
    };
  if (current.startsWith('-') && !plain) {
    const options = command === root ? root.options : [...command.options, ...root.options];
    return {
      words: options.map(({ long, short, description }) => ({ text: long ?? short ?? '', description })),
      names: [],
    };
  }
  if (command.commands.length > 0 && given === 0)
    return { words: command.commands.map(({ name, description }) => ({ text: name, description })), names: [] };
  const last = command.arguments.at(-1);
  const argument = command.arguments[given] ?? (last?.variadic ? last : undefined);
  return { words: [], names: kindsOf(argument?.name ?? '') };
}
