// Builds the command tree, runs what was asked for, and turns every way out into a documented exit code.

import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import { exitMeanings } from '../model/exit-codes.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { packageVersion } from '../root.ts';
import { declarationsFor } from './declarations.ts';
import type { Act, Program } from './declare.ts';
import { type GlobalOptions, type Io, print } from './io.ts';
import { Session } from './session.ts';

const exitCodeHelp = `
Exit codes:
${exitMeanings.map(([codes, meaning]) => `  ${codes.padEnd(13)}  ${meaning}`).join('\n')}`;

/** What every command understands, before its name or behind it. */
const globalOptions = (): Option[] => [
  new Option('--lab <name>', 'name of the lab (default: the folder of the Compose file)'),
  new Option('--file <path>', 'the Compose file (default: the nearest one, else labctl’s own)'),
  new Option('--engine <engine>', 'what hosts are made of (default: Docker where it answers)').choices([
    'docker',
    'embedded',
  ]),
  new Option('--context <name>', 'the Docker context whose engine is meant (default: the one in use)'),
  new Option('--json', 'print JSON instead of text'),
  new Option('--lang <language>', 'language of lessons and reports (default: from LANG)').choices(['en', 'fr']),
  new Option('--no-color', 'no colours (as NO_COLOR does)'),
];

/** Runs one command line. Gives the exit code; throws only what is a bug in labctl's own error handling. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.met;
  let globals: GlobalOptions = {};
  let name = '';
  const asJson = argv.includes('--json');
  const program = newProgram(io, asJson);
  const act: Act =
    (command) =>
    async (...args) => {
      exitCode = await command(new Session(io, globals), ...args);
    };
  for (const declare of await declarationsFor(argv, globalOptions())) declare(program, act);
  for (const command of everyCommand(program)) {
    for (const option of globalOptions()) command.addOption(option.hideHelp());
    command.exitOverride().configureOutput(outputOf(io, asJson));
  }
  program.hook('preAction', (_program, command) => {
    name = command.name();
    globals = typedAbove(command as Program);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode !== 0 && asJson)
      print(io.stderr, errorJson(new LabError('usage', error.message.replace(/^error: /, ''))));
    return failed(error, io, { ...typed(program), ...globals }, name);
  }
}

const everyCommand = (parent: Program): Program[] =>
  parent.commands.flatMap((command) => [command as Program, ...everyCommand(command as Program)]);

/** What was typed anywhere on the line: `labctl --lab x images --json build`. */
const typedAbove = (command: Program): GlobalOptions => ({
  ...(command.parent ? typedAbove(command.parent as Program) : {}),
  ...typed(command),
});

/** The options that were really typed: a default must not hide what the other side of the command name says. */
const typed = (command: Program): GlobalOptions =>
  Object.fromEntries(
    Object.entries(command.opts() as Record<string, unknown>).filter(
      ([name]) => command.getOptionValueSource(name) === 'cli',
    ),
  );

/** Where JSON was asked for, the parser's own complaints are printed by `failed`, as JSON too. */
const outputOf = (io: Io, asJson: boolean) => ({
  writeOut: (text: string) => void io.stdout.write(text),
  writeErr: (text: string) => void (asJson || io.stderr.write(text)),
});

function newProgram(io: Io, asJson: boolean): Program {
  const program = new Command('labctl') as Program;
  for (const option of globalOptions()) program.addOption(option);
  return program
    .description('A containerised lab in which you see TCP happen.')
    .version(packageVersion)
    .addHelpText('after', exitCodeHelp)
    .showSuggestionAfterError()
    .showHelpAfterError('(labctl --help shows all commands)')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(outputOf(io, asJson));
}

/** Usage errors were already printed by commander; ours are printed here; anything else is a bug and shows its stack. */
async function failed(error: unknown, io: Io, globals: GlobalOptions, command: string): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.met : exitCodes.usage;
  const inHost = command === 'exec' || command === 'shell';
  if (!(error instanceof LabError)) {
    if (io.signal.aborted) return exitCodes.engine;
    print(
      io.stderr,
      `This is a bug in labctl, please report it:\n${error instanceof Error ? error.stack : String(error)}`,
    );
    return inHost ? exitCodes.execFailed : exitCodes.engine;
  }
  const { errorText } = await import('../views/errors.ts');
  print(io.stderr, globals.json ? errorJson(error) : errorText(error, new Session(io, globals).errorStyle()));
  return inHost ? exitCodes.execFailed : error.exitCode;
}

const errorJson = (error: LabError): string =>
  JSON.stringify({
    version: 1,
    error: { kind: error.kind, message: error.message, where: error.where, hint: error.hint },
  });
