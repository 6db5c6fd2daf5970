// Reads commander's tree into a value, so that nothing else has to know commander to describe the command line.

import type { Argument, Option } from '@commander-js/extra-typings';
import type { CliArgument, CliCommand, CliOption } from '../model/cli.ts';
import type { Program } from './declare.ts';

/** What was hidden from help is hidden from all that is made from this. */
export function cliTree(program: Program, above = ''): CliCommand {
  const path = [above, program.name()].filter(Boolean).join(' ');
  const help = program.createHelp();
  return {
    path,
    name: program.name(),
    description: program.description(),
    arguments: (program.registeredArguments as Argument[]).map(argumentOf),
    options: help.visibleOptions(program).map(optionOf),
    commands: help
      .visibleCommands(program)
      .filter((command) => command.name() !== 'help')
      .map((command) => cliTree(command as Program, path)),
    get after() {
      return afterOf(program);
    },
  };
}

const argumentOf = (argument: Argument): CliArgument => ({
  name: argument.name(),
  required: argument.required,
  variadic: argument.variadic,
  description: argument.description,
});

const optionOf = ({ flags, long, short, description, argChoices = [], defaultValue }: Option): CliOption => ({
  flags,
  ...(long ? { long } : {}),
  ...(short ? { short } : {}),
  ...(/[<[](.+?)[>\]]/.exec(flags)?.[1] === undefined ? {} : { value: /[<[](.+?)[>\]]/.exec(flags)?.[1] ?? '' }),
  description:
    defaultValue === undefined || typeof defaultValue === 'boolean'
      ? description
      : `${description} (default: ${String(defaultValue)})`,
  choices: argChoices,
});

/** The text that `addHelpText('after')` adds: what help prints beyond its own part. */
function afterOf(program: Program): string {
  let whole = '';
  const kept = program.configureOutput();
  program.configureOutput({ writeOut: (text) => (whole += text), writeErr: () => undefined });
  program.outputHelp();
  program.configureOutput(kept);
  return whole.slice(program.helpInformation().length).trim();
}
