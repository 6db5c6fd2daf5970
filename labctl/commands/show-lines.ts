// `labctl show FILE --jsonl …`: a capture for machines, streamed as fast as its reader takes it.

import { once } from 'node:events';
import { exitCodes } from '../model/lab-error.ts';
import type { Session } from './session.ts';

export type LineKind = 'packets' | 'conversations';

/** So much output is gathered before it is written. */
const block = 128 * 1024;

/** Prints a line for each packet or conversation of the capture at `path` (`-`: standard input). */
export async function showLines(session: Session, path: string, kind: LineKind): Promise<number> {
  const { damage } = kind === 'packets' ? await packets(session, path) : await conversations(session, path);
  if (damage) {
    const { damageText } = await import('../views/damage.ts');
    session.io.stderr.write(`labctl: ${path}: ${damageText(damage)}\n`);
  }
  return exitCodes.met;
}

/** Waits for a slow reader; a reader that went away ends the work through the session's signal. */
async function write({ io }: Session, bytes: Uint8Array): Promise<void> {
  if (io.signal.aborted || io.stdout.write(bytes)) return;
  await once(io.stdout, 'drain', { signal: io.signal }).catch(() => undefined);
}

async function packets(session: Session, path: string) {
  const [{ scanCapture }, { HeaderScan }, { TcpAnalysis }, { PacketLines }, { SpillFiles }] = await Promise.all([
    import('../folder/scan-capture.ts'),
    import('../evidence/scan/header-scan.ts'),
    import('../analysis/tcp/analysis.ts'),
    import('../views/capture-lines.ts'),
    import('../folder/spill-file.ts'),
  ]);
  using spills = new SpillFiles();
  const scan = new HeaderScan();
  const analysis = new TcpAnalysis(spills.open);
  const lines = new PacketLines();
  const scanned = await scanCapture(
    { path, stdin: session.io.stdin, signal: session.io.signal },
    (bytes, record) => {
      const segment = scan.read(bytes, record);
      if (segment.kind === 0) lines.other(segment);
      else {
        analysis.see(segment);
        lines.segment(segment, analysis);
      }
    },
    async () => {
      if (lines.length > block) await write(session, lines.take());
    },
  );
  await write(session, lines.take());
  return scanned;
}

async function conversations(session: Session, path: string) {
  const [{ scanCapture }, { HeaderScan }, { Streams }, { ConversationTable }, { ConversationLines }, { SpillFiles }] =
    await Promise.all([
      import('../folder/scan-capture.ts'),
      import('../evidence/scan/header-scan.ts'),
      import('../analysis/tcp/streams.ts'),
      import('../analysis/tcp/conversation-table.ts'),
      import('../views/capture-lines.ts'),
      import('../folder/spill-file.ts'),
    ]);
  using spills = new SpillFiles();
  const scan = new HeaderScan();
  const streams = new Streams(spills.open);
  const table = new ConversationTable(streams.keys, spills.open);
  const scanned = await scanCapture(
    { path, stdin: session.io.stdin, signal: session.io.signal },
    (bytes, record) => {
      const segment = scan.read(bytes, record);
      if (segment.kind === 0) return;
      streams.see(segment);
      table.add(segment, streams.stream, streams.side);
    },
    async () => undefined,
  );
  const lines = new ConversationLines();
  for (const row of table.rows()) {
    lines.conversation(row);
    if (lines.length < block) continue;
    await write(session, lines.take());
    if (session.io.signal.aborted) break;
  }
  await write(session, lines.take());
  return scanned;
}
