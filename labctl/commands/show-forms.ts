// The other forms of a run: everything at one instant, a Mermaid diagram. Each gives text that stands for itself.

import { join } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Language } from '../model/language.ts';
import type { Report } from '../model/report.ts';
import type { TerminalStyle } from '../views/style.ts';

export interface FormFlags {
  /** Seconds since the ladder's zero. */
  at?: number;
  mermaid?: true;
  svg?: true;
  /** A file, `-` for standard output; true: report.html in the run's folder. */
  html?: string | true;
  schema?: true;
  text?: true;
}

/** What `show` can be asked for beside its usual text. */
export const formOptions = (): Option[] => [
  new Option('--at <seconds>', 'every socket, process, packet under way and kernel counter at that instant').argParser(
    seconds,
  ),
  new Option('--text', 'the report as plain text: no colours, 80 columns, whatever the terminal').conflicts('json'),
  new Option('--mermaid', 'the ladder as a Mermaid sequence diagram').conflicts(['json', 'at']),
  new Option(
    '--html [file]',
    'write the report page (default: report.html in the run’s folder; - prints it)',
  ).conflicts(['json', 'at', 'mermaid', 'svg']),
  new Option('--schema', 'the JSON Schema of --json, of whatever run'),
  new Option('--svg', 'the ladder as a picture (SVG)').conflicts(['json', 'at', 'mermaid']),
];

/** `1.25`, or `1,25` and `1.250 083` as ladders write it. */
function seconds(text: string): number {
  const plain = text.replace(/\s/g, '').replace(',', '.');
  if (!/^\d{1,9}(\.\d+)?$/.test(plain))
    throw new InvalidArgumentError('Seconds on the ladder are expected, e.g. 1.25.');
  return Number(plain);
}

/** `--text` is what a file or a mail can hold. */
export const plainStyle = (style: TerminalStyle, { text }: FormFlags): TerminalStyle =>
  text ? { ...style, color: false, unicode: true, width: 80 } : style;

/** The report in the form that was asked for; undefined where it is the usual one. */
export async function formText(
  report: Report,
  flags: FormFlags & { conversation?: number },
  { style, json, folder }: { style: TerminalStyle; json: boolean; folder: string },
): Promise<string | undefined> {
  if (flags.at !== undefined) return instantForm(report, flags.at, style, json);
  if (flags.html !== undefined) return htmlForm(report, flags.html, style.language, folder);
  if (flags.svg) return svgForm(report, flags.conversation, style.language);
  if (!flags.mermaid) return undefined;
  const [{ mermaidText }, { ladderOf }] = await Promise.all([
    import('../views/mermaid.ts'),
    import('../views/ladder-rows.ts'),
  ]);
  return mermaidText(ladderOf(report, { language: style.language, conversation: flags.conversation }));
}

async function instantForm(report: Report, at: number, style: TerminalStyle, json: boolean): Promise<string> {
  const [{ tracksOf }, { instantOf }, { instantText }, { ladderZero }] = await Promise.all([
    import('../analysis/tracks.ts'),
    import('../analysis/instant.ts'),
    import('../views/terminal/instant.ts'),
    import('../views/ladder-rows.ts'),
  ]);
  const tracks = tracksOf(report, ladderZero(report));
  const instant = instantOf(tracks, Math.round(at * 1_000_000));
  return json ? JSON.stringify({ version: 1, ...instant }, null, 2) : instantText(instant, tracks.end, report, style);
}

async function svgForm(report: Report, conversation: number | undefined, language: Language): Promise<string> {
  const [{ ladderPicture, svgFile }, { ladderOf, ladderZero }, { tracksOf }, { pageWordsOf }, { pictureStyle }] =
    await Promise.all([
      import('../views/picture/svg.ts'),
      import('../views/ladder-rows.ts'),
      import('../analysis/tracks.ts'),
      import('../views/html/words.ts'),
      import('./page-files.ts'),
    ]);
  const picture = ladderPicture(
    ladderOf(report, { language, conversation }),
    tracksOf(report, ladderZero(report)).sockets,
    {
      width: 1120,
      words: pageWordsOf(language).heads,
      title: report.scenario.title[language],
      ...(conversation === undefined ? {} : { conversation: conversation - 1 }),
    },
  );
  return svgFile(picture, await pictureStyle());
}

/** The page itself for `-`; else where it was written. */
async function htmlForm(report: Report, to: string | true, language: Language, folder: string): Promise<string> {
  const { pageName, pageText, writePage } = await import('./report-page.ts');
  if (to === '-') return pageText(report, language);
  return writePage(report, language, to === true ? join(folder, pageName) : to);
}
