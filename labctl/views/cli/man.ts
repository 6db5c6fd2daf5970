// The manual page in man(7): every command with its arguments, options and examples, as help says them.

import { argumentText, type CliArgument, type CliCommand, type CliOption, everyCommand } from '../../model/cli.ts';
import { exitMeanings } from '../../model/exit-codes.ts';
import { wrap } from '../width.ts';
import { environmentRows, fileRows } from './environment.ts';

/** Plain text as roff: whatever roff would take for its own is escaped, and all is ASCII. */
export const roff = (text: string): string =>
  text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/…/g, '...')
    .replace(
      /[^\p{ASCII}]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^([.'])/gm, '\\&$1');

/** Lines of a text whose breaks mean nothing, short enough for whoever reads the source. */
const paragraphs = (text: string): string[] => wrap(text.trim().replace(/\s+/g, ' '), 72).map(roff);
const tagged = (tag: string, text: string): string[] => [
  '.TP',
  `\\fB${roff(tag)}\\fR`,
  ...paragraphs(text).filter(Boolean),
];

/** Lines as they stand: contracts, examples. */
const asTheyStand = (text: string): string[] =>
  text === '' ? [] : ['.PP', '.nf', ...text.split('\n').map(roff), '.fi'];

const optionLines = ({ flags, description, choices }: CliOption): string[] =>
  tagged(flags, choices.length > 0 ? `${description} [${choices.join(', ')}]` : description);

const argumentLines = (argument: CliArgument): string[] =>
  argument.description === '' ? [] : tagged(argumentText(argument), argument.description);

const usage = (command: CliCommand): string =>
  [
    `\\fB${roff(command.path)}\\fR`,
    ...(command.options.length > 0 ? ['[options]'] : []),
    ...command.arguments.map((argument) => `\\fI${roff(argumentText(argument))}\\fR`),
  ].join(' ');

function commandLines(command: CliCommand): string[] {
  const ownOptions = command.options.filter(({ long }) => long !== '--help');
  return [
    `.SS "${roff(command.path)}"`,
    usage({ ...command, options: ownOptions }),
    '.PP',
    ...paragraphs(command.description),
    ...command.arguments.flatMap(argumentLines),
    ...ownOptions.flatMap(optionLines),
    ...asTheyStand(command.after),
  ];
}

/** The page as text; version and date (ISO 8601) stand in its foot. */
export function manualPage(root: CliCommand, { version, date }: { version: string; date: string }): string {
  const commands = everyCommand(root).filter((command) => command !== root && command.commands.length === 0);
  return [
    `.TH LABCTL 1 "${date}" "labctl ${version}" "User Commands"`,
    '.SH NAME',
    `labctl \\- ${roff('a containerised lab in which you see TCP happen')}`,
    '.SH SYNOPSIS',
    '\\fBlabctl\\fR [options] \\fIcommand\\fR [arguments]',
    '.SH DESCRIPTION',
    ...paragraphs(
      'Real socket programs on real hosts, and on one time line what each program asked for, what each host put on the wire, what arrived, and which state each socket was in. Lessons are scenarios: labctl carries them out, records them, and proves every sentence it prints by a frame, a call, a row or a kernel counter.',
    ),
    '.PP',
    ...paragraphs('Results are printed on standard output; progress, remarks and errors on standard error.'),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH OPTIONS OF EVERY COMMAND',
    ...root.options.flatMap(optionLines),
    '.SH EXIT STATUS',
    ...exitMeanings.flatMap(([codes, meaning]) => tagged(codes, meaning)),
    '.SH ENVIRONMENT',
    ...environmentRows.flatMap(([name, meaning]) => tagged(name, meaning)),
    '.SH FILES',
    ...fileRows.flatMap(([path, meaning]) => tagged(path, meaning)),
    '.SH SEE ALSO',
    ['tcpdump', 'strace', 'ss', 'wireshark', 'tcp']
      .map((page, index) => `.BR ${page} (${[1, 1, 8, 1, 7][index] ?? 1})${index < 4 ? ' ,' : ''}`)
      .join('\n'),
  ].join('\n');
}
