// The reference of the command line in Markdown, as docs/cli.md holds it.

import { argumentText, type CliCommand, everyCommand, usageText } from '../../model/cli.ts';
import { exitMeanings } from '../../model/exit-codes.ts';
import { padEnd, textWidth } from '../width.ts';
import { environmentRows, fileRows } from './environment.ts';

/** A cell of a table: `|` would end it, and `<` begin a tag. */
const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/</g, '&lt;').replace(/\n/g, ' ');
const code = (text: string): string => `\`${text.replace(/\|/g, '\\|')}\``;

/** A table without headings, its columns aligned as formatters of Markdown want them. */
function rowsOf(rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map(([name, meaning]): [string, string] => [code(name), cell(meaning)]);
  const widths = [0, 1].map((column) => Math.max(3, ...cells.map((row) => textWidth(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => padEnd(row[column] ?? '', width)).join(' | ')} |`;
  return [line(['', '']), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line), ''];
}

const withChoices = (description: string, choices: readonly string[]): string =>
  choices.length === 0 ? description : `${description} (${choices.join(', ')})`;

function commandPart(command: CliCommand): string[] {
  const options = command.options.filter(({ long }) => long !== '--help');
  const described = command.arguments.filter(({ description }) => description !== '');
  return [
    `## ${command.path}`,
    '',
    '```text',
    `${usageText(command)}${options.length > 0 ? ' [options]' : ''}`,
    '```',
    '',
    sentence(command.description),
    '',
    ...rowsOf([
      ...described.map((argument) => [argumentText(argument), argument.description] as const),
      ...options.map(({ flags, description, choices }) => [flags, withChoices(description, choices)] as const),
    ]),
    ...(command.after === '' ? [] : ['```text', command.after, '```', '']),
  ];
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

/** The whole document, with a line break at its end. */
export function cliReference(root: CliCommand): string {
  const commands = everyCommand(root).filter((command) => command !== root && command.commands.length === 0);
  return [
    '# The command line',
    '',
    'Made from the declarations by `labctl man --markdown`; a test holds it to them. `labctl COMMAND --help` says the',
    'same, and so does `man labctl`. Results are printed on standard output; progress, remarks and errors on standard',
    'error. Where nothing is a terminal there are no colours, and lines are 80 columns wide.',
    '',
    '## Options of every command',
    '',
    ...rowsOf(
      root.options.map(({ flags, description, choices }) => [flags, withChoices(description, choices)] as const),
    ),
    '## Exit codes',
    '',
    ...rowsOf(exitMeanings),
    '## Environment',
    '',
    ...rowsOf(environmentRows),
    '## Files',
    '',
    ...rowsOf(fileRows),
    ...commands.flatMap(commandPart),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
