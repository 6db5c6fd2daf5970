// Progress as plain lines, one an event; events that would only be noise on a terminal give nothing.

import type { EngineEvent } from '../model/engine-event.ts';
import type { Language, Text } from '../model/language.ts';
import type { RunEvent } from '../model/run.ts';
import { type ByKind, byKind } from './by-kind.ts';
import { settingsText } from './ladder-notes.ts';
import { stepText } from './shortcomings.ts';
import { paint, type TerminalStyle } from './style.ts';
import { visible } from './visible.ts';
import { cut, wrap } from './width.ts';
import { type Words, wordsOf } from './words.ts';

/** What the doctor says while something is mended. */
type SetupEvent =
  | { kind: 'phase-began'; phase: string }
  | { kind: 'line'; phase: string; line: string }
  | { kind: 'phase-ended'; phase: string; seconds: number; failed: boolean };

/** What became of one interface of a live capture. */
type CaptureTotal = Record<'host' | 'interface', string> & Record<'captured' | 'dropped', number>;

type Marked = { mark: string; text: string };

const done = (text: string): Marked => ({ mark: '✓', text });
const doing = (text: string): Marked => ({ mark: '·', text });
const failed = (text: string): Marked => ({ mark: '✗', text });

const toneOfMark = { '✓': 'good', '✗': 'bad' } as const;

function lineText({ mark, text }: Marked, style: TerminalStyle): string {
  const [shownMark, shownText] = [visible(mark, style), visible(text, style)];
  const tone = toneOfMark[mark as keyof typeof toneOfMark] ?? 'dim';
  return ` ${paint(style, tone, shownMark)} ${cut(shownText, style.width - 3, style.unicode ? '…' : '~')}`;
}

const engineLines: ByKind<EngineEvent, Words, Marked> = {
  'image-pulling': ({ image }, { progress }) => doing(progress.pulling(image)),
  'image-building': ({ image, line }, { progress }) =>
    doing(line === undefined ? progress.building(image) : `${image}: ${line.trimEnd()}`),
  'image-ready': ({ image, built }, { progress }) => done(progress.ready(image, built)),
  'network-created': ({ network, subnet }, { progress }) => done(progress.networkCreated(network, subnet)),
  'network-removed': ({ network }, { progress }) => done(progress.networkRemoved(network)),
  'network-stuck': ({ network }, { progress }) => failed(progress.networkStuck(network)),
  'host-created': ({ host }, { progress }) => doing(progress.hostCreated(host)),
  'host-started': ({ host }, { progress }) => done(progress.hostStarted(host)),
  'host-removed': ({ host }, { progress }) => done(progress.hostRemoved(host)),
};

/** The headings of a build: Docker's own, and mmdebstrap's. */
const stage = /^(Step \d+\/\d+ :|I: )/;

/** Whether an event is of interest only until the next one comes; the stages of a build are worth a line in a log. */
export function passesBy(event: EngineEvent): 'no' | 'yes' | 'a stage' {
  if (event.kind === 'image-building' && event.line !== undefined) return stage.test(event.line) ? 'a stage' : 'yes';
  return event.kind === 'host-created' ? 'yes' : 'no';
}

/** One line for an engine's event; empty lines of a build give nothing. */
export function engineProgress(event: EngineEvent, style: TerminalStyle): string | undefined {
  if (event.kind === 'image-building' && event.line?.trim() === '') return undefined;
  return lineText(byKind(engineLines, event, wordsOf(style.language)), style);
}

const dropText = (
  { host, interface: name, dropped, captured }: Extract<RunEvent, { kind: 'recording-stopped' }>,
  { progress }: Words,
): Marked | undefined => (dropped === 0 ? undefined : failed(progress.dropped(`${host}/${name}`, dropped, captured)));

const nothing = (): undefined => undefined;

const runLines: ByKind<RunEvent, { words: Words; language: Language }, Marked | undefined> = {
  'recording-started': ({ host, interfaces }, { words }) =>
    doing(words.progress.recording(host, interfaces.join(', '))),
  'step-began': ({ step, summary, say }, { words, language }) => ({
    mark: '▸',
    text: say?.[language] ?? words.progress.step(step, summary[language]),
  }),
  'step-failed': ({ step, awaited, seen }, { words }) => failed(words.progress.failed(step, awaited, seen)),
  output: ({ program, text }) =>
    text.trim() === '' ? undefined : { mark: '«', text: `${program}: ${text.trimEnd()}` },
  typed: ({ program, text }) => ({ mark: '»', text: `${program}: ${text.trimEnd()}` }),
  'program-started': ({ program, host, argv }, { words }) =>
    doing(words.progress.started(program, host, argv.join(' '))),
  'program-ended': ({ program, code }, { words }) => doing(words.progress.ended(program, code)),
  'recording-stopped': (event, { words }) => dropText(event, words),
  'clock-stepped': ({ by }, { words }) => failed(words.progress.clockStepped(stepText(by))),
  stopped: ({ why }, { words }) => failed(words.progress.stopped(why)),
  'host-tuned': ({ host, sysctls }, { words }) => doing(words.ladder.tuned(host, settingsText(sysctls))),
  'host-paused': ({ host }, { words }) => doing(`${host} ${words.ladder.paused}`),
  'host-resumed': ({ host }, { words }) => doing(`${host} ${words.ladder.resumed}`),
  'rule-added': ({ summary }, { words, language }) => doing(words.ladder.wire(summary[language])),
  'rule-removed': ({ rule, hit }, { words }) => doing(words.ladder.ruleEnds(rule, hit)),
  'step-ended': nothing,
  'output-cut': nothing,
  'input-closed': nothing,
  signalled: nothing,
  look: nothing,
};

/** One line for an event of a run; text of several lines shows its first, so that progress stays a list. */
export function runProgress(event: RunEvent, style: TerminalStyle): string | undefined {
  const marked = byKind(runLines, event, { words: wordsOf(style.language), language: style.language });
  return marked && lineText({ ...marked, text: marked.text.replace(/\n[\s\S]*/, ' …') }, style);
}

/** What a live capture says when it begins: from now on nothing is lost. */
export const captureBegins = (points: readonly { name: string }[], style: TerminalStyle): string =>
  lineText(doing(wordsOf(style.language).progress.capturing(points.map(({ name }) => name).join(', '))), style);

/** What a live capture says at its end, a line for each of its interfaces. */
export const captureEnds = (totals: readonly CaptureTotal[], style: TerminalStyle): string =>
  totals
    .map(({ host, interface: name, captured, dropped }) => {
      const text = wordsOf(style.language).progress.captured(`${host}/${name}`, captured, dropped);
      return lineText(dropped > 0 ? failed(text) : done(text), style);
    })
    .join('\n');

/** One line for an event of the doctor. */
export function setupProgress(event: SetupEvent, style: TerminalStyle): string | undefined {
  if (event.kind === 'phase-began') return lineText(doing(event.phase), style);
  if (event.kind === 'line')
    return event.line.trim() === '' ? undefined : lineText({ mark: ' ', text: event.line.trimEnd() }, style);
  const text = `${event.phase} (${event.seconds.toFixed(1)} s)`;
  return lineText(event.failed ? failed(text) : done(text), style);
}

/** What `--step` shows before a step: which one, what it does, and the key that goes on. */
export function stepPrompt(next: { summary: Text; step: number; steps: number }, style: TerminalStyle): string {
  const { progress } = wordsOf(style.language);
  const text = progress.prompt(next.step, next.steps, next.summary[style.language]);
  return wrap(visible(text, style), style.width - 3)
    .map((line, index) => (index === 0 ? ` ${paint(style, 'strong', style.unicode ? '⏎' : '>')} ` : '   ') + line)
    .join('\n');
}
