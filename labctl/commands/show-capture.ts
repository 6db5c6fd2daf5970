// `labctl show FILE`: a capture that anyone made, for people: what is in it, conversation by conversation.

import { exitCodes, LabError } from '../model/lab-error.ts';
import type { Session } from './session.ts';
import type { ShowFlags } from './show.ts';
import { plainStyle } from './show-forms.ts';

/** Rows of the ladder and of the table of conversations, and of both with `--all`: memory stays bounded. */
const usual = { mostRows: 300, mostConversations: 40 };
const all = { mostRows: 20_000, mostConversations: 100_000 };

/** What only a run has. */
const runOnly = ['answers', 'at', 'filter'] as const;

/** Prints the capture at `path`; a damaged one as far as it goes. */
export async function showCapture(session: Session, path: string, name: string, flags: ShowFlags): Promise<number> {
  const wrong = runOnly.find((flag) => flags[flag] !== undefined);
  if (wrong !== undefined)
    throw new LabError('usage', `--${wrong} is for runs; ${name} is a capture file`, {
      hint: 'of a capture there are --conversation, --all, --text, --json, --jsonl, --html, --svg and --mermaid',
    });
  if (flags.jsonl !== undefined) {
    const { showLines } = await import('./show-lines.ts');
    return showLines(session, path, flags.jsonl);
  }
  const { readCaptureReport } = await import('../folder/read-capture.ts');
  const report = await readCaptureReport(
    { path, stdin: session.io.stdin, signal: session.io.signal },
    { name, conversation: flags.conversation, ...(flags.all ? all : usual) },
  );
  if (session.json) {
    const { captureJson } = await import('../views/capture-json.ts');
    session.out(captureJson(report));
  } else {
    const { renderCapture } = await import('../views/terminal/capture.ts');
    session.out(renderCapture(report, plainStyle(session.style(), flags), flags.all === true));
  }
  return exitCodes.met;
}
