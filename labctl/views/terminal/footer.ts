// The end of a report: where the captures lie, whether any packet was missed, and what to type next.

import type { Report } from '../../model/report.ts';
import { countText } from '../format.ts';
import { type NextCommand, nextLines } from '../next.ts';
import type { TerminalStyle } from '../style.ts';
import { tableLines } from '../table.ts';
import { wordsOf } from '../words.ts';
import { headingLines, paragraphLines } from './section.ts';

export interface FooterOptions {
  /** The run folder, as the user would write it. */
  folder: string;
  /** How labctl is called here: `labctl` or `npx labctl`. */
  command: string;
  answers: boolean;
  conversation?: number;
  all: boolean;
  /** Rows were left out of the ladder. */
  windowed: boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const joined = (folder: string, name: string): string => `${folder.replace(/\/$/, '')}/${name}`;

/** The captures by name, the packets in each, and what the recording missed. */
export function fileLines(report: Report, { folder }: FooterOptions, style: TerminalStyle): string[] {
  const words = wordsOf(style.language);
  const missed = report.run.drops.filter(({ dropped }) => dropped > 0);
  const rows = report.run.hosts.map(({ name }) => [joined(folder, `${name}.pcapng`), '']);
  const said =
    missed.length === 0
      ? words.files.noneDropped(countText(sum(report.run.drops.map(({ captured }) => captured))))
      : words.files.dropped(
          countText(sum(missed.map(({ dropped }) => dropped))),
          missed.map((each) => `${each.host}/${each.interface}`).join(', '),
        );
  return [
    ...headingLines(words.heading.files, style),
    ...tableLines([{ title: '', overflow: 'wrap' }], rows, style),
    ...paragraphLines(said, style, 1, missed.length === 0 ? 'dim' : 'bad'),
  ];
}

/** Commands that show more of this run, as they work right now. */
export function nextCommands(report: Report, options: FooterOptions, style: TerminalStyle): NextCommand[] {
  const { next } = wordsOf(style.language);
  const { command, folder } = options;
  const first = report.run.hosts[0]?.name;
  return [
    ...(options.answers || (report.scenario.lesson ?? []).length === 0
      ? []
      : [{ command: `${command} show --answers`, why: next.answers }]),
    ...(options.windowed ? [{ command: `${command} show --all`, why: next.all }] : []),
    ...(options.conversation === undefined && report.conversations.length > 1
      ? [{ command: `${command} show --conversation 1`, why: next.conversation }]
      : []),
    ...(first === undefined
      ? []
      : [{ command: `wireshark ${joined(folder, `${first}.pcapng`)}`, why: next.wireshark }]),
    { command: `${command} list`, why: next.again },
  ];
}

export function nextSection(report: Report, options: FooterOptions, style: TerminalStyle): string[] {
  const { heading } = wordsOf(style.language);
  return [...headingLines(heading.next, style), ...nextLines(nextCommands(report, options, style), style)];
}
