// `labctl show`: a recorded run again, from its folder alone; no engine is needed.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { exitCodes, LabError } from '../model/lab-error.ts';
import type { Report, VerdictWord } from '../model/report.ts';
import type { RunOutcome } from '../model/run.ts';
import { type Declare, examples } from './declare.ts';
import { type ResultFlags, resultOptions, writeResults } from './results.ts';
import type { Session } from './session.ts';
import { type FormFlags, formOptions, formText, plainStyle } from './show-forms.ts';
import type { LineKind } from './show-lines.ts';

export interface ShowFlags extends FormFlags, ResultFlags {
  answers?: true;
  conversation?: number;
  all?: true;
  jsonl?: LineKind;
  /** Wireshark's display filter. */
  filter?: string;
  /** A run that has just ended gets its report page. */
  fresh?: true;
}

/** `--conversation N`, counted from 1 as the table of conversations does. */
export const conversationOption = () =>
  new Option('--conversation <number>', 'draw this conversation alone').argParser((text) => {
    if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('A number from 1 on is expected.');
    return Number(text);
  });

export const show: Declare = (program, act) => {
  const command = program
    .command('show')
    .description('show a recorded run again, or any capture file; works without an engine')
    .argument(
      '[run]',
      'a run: its folder, or its name (default: the latest); or a pcap or pcapng file, - for standard input',
    )
    .option('--answers', 'show the answers to the questions')
    .addOption(conversationOption())
    .option('--all', 'draw every row, however many')
    .addOption(
      new Option(
        '--filter <expression>',
        'of a run, draw only the packets that Wireshark’s display filter lets through (needs tshark)',
      ).conflicts(['json', 'at', 'html', 'jsonl']),
    )
    .addOption(
      new Option('--jsonl <what>', 'a capture as JSON, one line for each of these').choices([
        'packets',
        'conversations',
      ] as const),
    )
    .addHelpText(
      'after',
      examples(
        ['labctl show', 'the latest run'],
        ['labctl show --answers', 'with the answers'],
        ['labctl show --at 0.25', 'what everything was a quarter of a second after the first step'],
        ['labctl show --filter tcp.analysis.retransmission', 'only what Wireshark calls a retransmission'],
        ['labctl show trace.pcapng', 'a capture from anywhere: conversations, and what happened in them'],
        ['labctl show trace.pcap.gz --jsonl packets', 'every packet with Wireshark’s analysis, for programs'],
      ),
    );
  for (const option of [...formOptions(), ...resultOptions()]) command.addOption(option);
  command.action(act(runShow));
};

async function runShow(session: Session, name: string | undefined, flags: ShowFlags): Promise<number> {
  if (flags.schema) {
    const { reportJsonSchema } = await import('../model/report-schema.ts');
    session.out(JSON.stringify(reportJsonSchema(), null, 2));
    return exitCodes.met;
  }
  const { resolveRun } = await import('../folder/runs.ts');
  const capture = await captureAt(session, name);
  if (capture !== undefined) {
    const [{ isPicture, showPicture }, { showCapture }] = await Promise.all([
      import('./show-picture.ts'),
      import('./show-capture.ts'),
    ]);
    if (isPicture(flags)) return showPicture(session, capture, name ?? '', flags);
    return showCapture(session, capture, name ?? '', flags);
  }
  if (flags.jsonl !== undefined) throw needsCapture(name);
  const runs = await session.runsFolder();
  return showRun(session, await resolveRun(runs, name, { cwd: session.io.cwd }), flags, name);
}

/** Nobody calls a run so: what is not there is a missing file. */
const isCaptureName = /\.(pcap|pcapng|cap)(\.gz)?$/;

/** The path of a capture file where the name is one; a folder is a run, or the name of one. */
async function captureAt(session: Session, name: string | undefined): Promise<string | undefined> {
  if (name === undefined || name === '-') return name;
  const { isReadable } = await import('../folder/capture-bytes.ts');
  const path = resolve(session.io.cwd, name);
  return isCaptureName.test(name) || (await isReadable(path)) ? path : undefined;
}

const needsCapture = (name: string | undefined): LabError =>
  new LabError('usage', `--jsonl needs a capture file${name === undefined ? '' : `; there is no file "${name}"`}`, {
    hint: 'a run keeps one for each host: labctl show runs/LAB/RUN/HOST.pcapng --jsonl packets',
  });

/** All that shows a run that has just ended, loaded while it goes on: the processors wait then anyway. Never rejects. */
export const loadShow = (): Promise<unknown> =>
  Promise.all([
    import('../folder/read-run.ts'),
    import('../analysis/analyse.ts'),
    import('../views/terminal/report.ts'),
    import('./report-page.ts').then(({ loadFresh }) => loadFresh()),
  ]).catch(() => undefined);

/** Reads, analyses and prints one run folder. Gives the verdict's exit code. */
export async function showRun(session: Session, folder: string, flags: ShowFlags, name?: string): Promise<number> {
  const [{ readRun }, { analyse }] = await Promise.all([
    import('../folder/read-run.ts'),
    import('../analysis/analyse.ts'),
  ]);
  const whole = analyse(await readRun(folder));
  const report = flags.filter === undefined ? whole : await filtered(session, whole, folder, flags.filter);
  const style = plainStyle(session.style(), flags);
  const form = await formText(report, flags, { style, json: session.json, folder });
  if (form !== undefined) {
    session.out(form);
    return exitCodes.met;
  }
  const { pageIn, writeFresh } = await import('./report-page.ts');
  if (flags.fresh) await writeFresh(session, report, folder);
  const said = await writeResults(session, flags, async () => {
    const { pointsOfRun } = await import('../views/results/points.ts');
    return pointsOfRun(report, session.language);
  });
  if (said) return verdictExitCode[report.verdict];
  if (session.json) {
    const { reportJson } = await import('../views/json.ts');
    session.out(reportJson(report));
  } else {
    const [{ renderReport }, { answerText }] = await Promise.all([
      import('../views/terminal/report.ts'),
      import('../lesson/answers.ts'),
    ]);
    session.out(
      renderReport(report, style, {
        folder: session.shown(folder),
        command: await session.command(),
        ...(name === undefined ? {} : { run: name }),
        answers: flags.answers ? (question) => answerText(question, report, session.language) : undefined,
        conversation: flags.conversation,
        all: flags.all === true,
        page: pageIn(folder),
      }),
    );
  }
  return verdictExitCode[report.verdict];
}

async function filtered(session: Session, report: Report, folder: string, filter: string): Promise<Report> {
  const [{ matchingFrames }, { wiresharkHere }, { onlyMatching }, { files }] = await Promise.all([
    import('../setup/wireshark/matching-frames.ts'),
    import('../setup/wireshark/wireshark.ts'),
    import('../views/matching.ts'),
    import('../folder/names.ts'),
  ]);
  const captures = report.run.hosts.map(({ name }) => [name, join(folder, files.capture(name))] as const);
  const there = new Map(captures.filter(([, file]) => existsSync(file)));
  return onlyMatching(report, await matchingFrames(wiresharkHere(session.io.env), there, filter));
}

const verdictExitCode: Record<VerdictWord, number> = {
  met: exitCodes.met,
  unmet: exitCodes.unmet,
  'not-observable': exitCodes.notObservable,
};

/** What became of the run comes before what was judged: a failing engine is never an unmet expectation. */
export function runExitCode(outcome: RunOutcome, verdict: number): number {
  if (outcome === 'engine-failed') return exitCodes.engine;
  if (outcome === 'step-failed') return exitCodes.unmet;
  return verdict;
}
