// The end of a report: where the captures lie, whether any packet was missed, and what to type next.

import type { Report } from '../../model/report.ts';
import { countText } from '../format.ts';
import { type NextCommand, nextLines } from '../next.ts';
import { droppedText } from '../shortcomings.ts';
import type { TerminalStyle } from '../style.ts';
import { visible } from '../visible.ts';
import { textWidth } from '../width.ts';
import { wordsOf } from '../words.ts';
import { headingLines, paragraphLines } from './section.ts';

export interface FooterOptions {
  /** The run folder, as the user would write it. */
  folder: string;
  /** How labctl is called here: `labctl` or `npx labctl`. */
  command: string;
  /** The run to show again, where it is not the latest. */
  run?: string;
  answers: boolean;
  conversation?: number;
  all: boolean;
  /** The report page's file name, where the folder has one. */
  page?: string;
  /** Rows were left out of the ladder. */
  windowed: boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const joined = (folder: string, name: string): string => `${folder.replace(/\/$/, '')}/${name}`;

/** A run whose labctl was killed has no count of drops, and its captures lie as they came. */
const isWhole = ({ run }: Report): boolean => run.drops.length > 0;

const captures = (report: Report): string[] =>
  report.run.hosts.flatMap(({ name, interfaces }) =>
    isWhole(report)
      ? [`${name}.pcapng`]
      : interfaces.filter((one) => one.name !== 'lo').map((one) => `raw/${name}/${one.name}.pcap`),
  );

/** Whole paths; where one is too wide, the folder above the names: a path that is broken in two can be neither clicked nor copied. */
function pathLines(folder: string, names: readonly string[], style: TerminalStyle): string[] {
  const paths = names.map((name) => visible(joined(folder, name), style));
  if (paths.every((path) => textWidth(path) < style.width)) return paths.map((path) => ` ${path}`);
  return [` ${visible(joined(folder, ''), style)}`, ...names.map((name) => `   ${visible(name, style)}`)];
}

/** The captures by name, the packets in each, and what the recording missed. */
export function fileLines(report: Report, { folder, page }: FooterOptions, style: TerminalStyle): string[] {
  const words = wordsOf(style.language);
  const missed = droppedText(report, style.language);
  const names = [...(page === undefined ? [] : [page]), ...captures(report)];
  const said = missed ?? words.files.noneDropped(countText(sum(report.run.drops.map(({ captured }) => captured))));
  return [
    ...headingLines(words.heading.files, style),
    ...pathLines(folder, names, style),
    ...(isWhole(report) ? paragraphLines(said, style, 1, missed === undefined ? 'dim' : 'bad') : []),
  ];
}

/** A scenario beside a Compose file is known by its name, any other by its file. */
const lessonName = ({ scenario: { name, file } }: Report): string =>
  file === '' || /(^|\/)scenarios\/[^/]+$/.test(file) ? name : file;

/** Commands that show more of this run, as they work right now. */
export function nextCommands(report: Report, options: FooterOptions, style: TerminalStyle): NextCommand[] {
  const { next } = wordsOf(style.language);
  const { command } = options;
  const of = (name: string) => [command, name, ...(options.run === undefined ? [] : [options.run])].join(' ');
  const show = of('show');
  const [first] = captures(report);
  return [
    ...(options.answers || (report.scenario.lesson ?? []).length === 0
      ? []
      : [
          { command: `${command} learn ${lessonName(report)}`, why: next.learn },
          { command: `${show} --answers`, why: next.answers },
        ]),
    ...(options.windowed ? [{ command: `${show} --all`, why: next.all }] : []),
    ...(options.conversation === undefined && report.conversations.length > 1
      ? [{ command: `${show} --conversation 1`, why: next.conversation }]
      : []),
    ...(first === undefined ? [] : [{ command: of('wireshark'), why: next.wireshark }]),
    { command: `${command} list`, why: next.again },
  ];
}

export function nextSection(report: Report, options: FooterOptions, style: TerminalStyle): string[] {
  const { heading } = wordsOf(style.language);
  return [...headingLines(heading.next, style), ...nextLines(nextCommands(report, options, style), style)];
}
