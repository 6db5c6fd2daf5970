// Progress as plain lines, one an event; events that would only be noise on a terminal give nothing.

import type { RunEvent } from '../model/run.ts';
import { paint, type TerminalStyle } from './style.ts';
import { visible } from './visible.ts';
import { cut } from './width.ts';
import { type Words, wordsOf } from './words.ts';

/** What an engine says while it works. */
type EngineEvent =
  | { kind: 'image-pulling'; image: string }
  | { kind: 'image-building'; image: string; line?: string }
  | { kind: 'image-ready'; image: string; built: boolean }
  | { kind: 'network-created'; network: string; subnet: string }
  | { kind: 'host-created' | 'host-started' | 'host-removed'; host: string }
  | { kind: 'network-removed'; network: string };

/** What the doctor says while something is mended. */
type SetupEvent =
  | { kind: 'phase-began'; phase: string }
  | { kind: 'line'; phase: string; line: string }
  | { kind: 'phase-ended'; phase: string; seconds: number; failed: boolean };

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

function engineMarked(event: EngineEvent, { progress }: Words): Marked {
  switch (event.kind) {
    case 'image-pulling':
      return doing(progress.pulling(event.image));
    case 'image-building':
      return doing(
        event.line === undefined ? progress.building(event.image) : `${event.image}: ${event.line.trimEnd()}`,
      );
    case 'image-ready':
      return done(progress.ready(event.image, event.built));
    case 'network-created':
      return done(progress.networkCreated(event.network, event.subnet));
    case 'network-removed':
      return done(progress.networkRemoved(event.network));
    case 'host-created':
      return doing(progress.hostCreated(event.host));
    case 'host-started':
      return done(progress.hostStarted(event.host));
    case 'host-removed':
      return done(progress.hostRemoved(event.host));
  }
}

/** One line for an engine's event; empty lines of a build give nothing. */
export function engineProgress(event: EngineEvent, style: TerminalStyle): string | undefined {
  if (event.kind === 'image-building' && event.line?.trim() === '') return undefined;
  return lineText(engineMarked(event, wordsOf(style.language)), style);
}

const dropText = (
  { host, interface: name, dropped, captured }: Extract<RunEvent, { kind: 'recording-stopped' }>,
  { progress }: Words,
): Marked | undefined => (dropped === 0 ? undefined : failed(progress.dropped(`${host}/${name}`, dropped, captured)));

function runMarked(event: RunEvent, words: Words, style: TerminalStyle): Marked | undefined {
  const { progress } = words;
  switch (event.kind) {
    case 'recording-started':
      return doing(progress.recording(event.host, event.interfaces.join(', ')));
    case 'step-began':
      return { mark: '▸', text: event.say?.[style.language] ?? progress.step(event.step, event.summary) };
    case 'step-failed':
      return failed(progress.failed(event.step, event.awaited, event.seen));
    case 'output':
      return event.text.trim() === '' ? undefined : { mark: '«', text: `${event.program}: ${event.text.trimEnd()}` };
    case 'typed':
      return { mark: '»', text: `${event.program}: ${event.text.trimEnd()}` };
    case 'program-started':
      return doing(progress.started(event.program, event.host, event.argv.join(' ')));
    case 'program-ended':
      return doing(progress.ended(event.program, event.code));
    case 'recording-stopped':
      return dropText(event, words);
    case 'stopped':
      return failed(progress.stopped(event.why));
    case 'step-ended':
    case 'output-cut':
    case 'input-closed':
    case 'signalled':
    case 'look':
      return undefined;
  }
}

/** One line for an event of a run; text of several lines shows its first, so that progress stays a list. */
export function runProgress(event: RunEvent, style: TerminalStyle): string | undefined {
  const marked = runMarked(event, wordsOf(style.language), style);
  return marked && lineText({ ...marked, text: marked.text.replace(/\n[\s\S]*/, ' …') }, style);
}

/** One line for an event of the doctor. */
export function setupProgress(event: SetupEvent, style: TerminalStyle): string | undefined {
  if (event.kind === 'phase-began') return lineText(doing(event.phase), style);
  if (event.kind === 'line')
    return event.line.trim() === '' ? undefined : lineText({ mark: ' ', text: event.line.trimEnd() }, style);
  const text = `${event.phase} (${event.seconds.toFixed(1)} s)`;
  return lineText(event.failed ? failed(text) : done(text), style);
}
