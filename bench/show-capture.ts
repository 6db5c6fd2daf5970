// Measures how fast captures are read: a million TCP packets in a thousand conversations, beside tshark and tcpdump on
// the same file in the same run; and the memory that it takes, on that file and on one of a gigabyte.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { analysisNames } from '../labctl/model/tcp-analysis.ts';
import { packageRoot } from '../labctl/root.ts';
import { writeCapture } from './capture.ts';
import { peakOf } from './peak.ts';
import type { Row } from './row.ts';

const run = promisify(execFile);
const cli = join(packageRoot, 'dist/cli.cjs');
const packets = 1_000_000;
const conversations = 1000;
const times = 5;

/** Milliseconds of a program's whole life; what it prints is thrown away. */
async function life(program: string, argv: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(program, argv, { stdio: ['ignore', 'ignore', 'ignore'] });
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  return performance.now() - began;
}

/**
 * The shortest of whole lives, the programs in turns: whatever else the machine does makes lives longer, never shorter, and
 * by far more for short ones; what the programs themselves take is the least that was seen of each.
 */
async function shortestOf(commands: readonly (readonly [string, readonly string[]])[]): Promise<number[]> {
  const taken = commands.map((): number[] => []);
  for (let time = 0; time < times; time += 1)
    for (const [index, [program, argv]] of commands.entries()) taken[index]?.push(await life(program, argv));
  return taken.map((lives) => Math.min(...lives));
}

const show = (file: string, kind: string): string[] => [cli, 'show', file, '--jsonl', kind];
const asMilliseconds = (perSecond: number): number => (packets / perSecond) * 1000;
const fields = analysisNames.flatMap((name) => ['-e', `tcp.analysis.${name}`]);

async function* rows(folder: string): AsyncIterable<Row> {
  const file = join(folder, 'million.pcap');
  writeCapture(file, packets, conversations);
  const [tcpdump = 0, conversationTime = 0, tsharkTable = 0, packetTime = 0, tsharkFields = 0] = await shortestOf([
    ['tcpdump', ['-r', file, '-w', '/dev/null']],
    [process.execPath, show(file, 'conversations')],
    ['tshark', ['-n', '-q', '-r', file, '-z', 'conv,tcp']],
    [process.execPath, show(file, 'packets')],
    ['tshark', ['-n', '-r', file, '-T', 'fields', '-e', 'tcp.stream', ...fields]],
  ]);
  yield {
    title: 'show --jsonl conversations, 1 000 000 packets',
    labctl: conversationTime,
    others: [
      { name: '1.5 million packets/s', milliseconds: asMilliseconds(1_500_000), most: 1 },
      { name: 'tshark -z conv,tcp', milliseconds: tsharkTable, most: 1 / 15 },
      { name: 'tcpdump -w /dev/null', milliseconds: tcpdump, most: 5 },
    ],
  };
  yield {
    title: 'show --jsonl packets (full TCP analysis), 1 000 000 packets',
    labctl: packetTime,
    others: [
      { name: '0.7 million packets/s', milliseconds: asMilliseconds(700_000), most: 1 },
      { name: 'tshark -T fields', milliseconds: tsharkFields, most: 1 / 8 },
    ],
  };
  rmSync(file);
  yield* memoryRows(folder);
}

async function* memoryRows(folder: string): AsyncIterable<Row> {
  const file = join(folder, 'gigabyte.pcap');
  writeCapture(file, 1_600_000, conversations);
  for (const kind of ['conversations', 'packets'])
    yield {
      title: `show --jsonl ${kind}, 1 GB: peak memory`,
      unit: 'MB',
      labctl: (await peakOf(show(file, kind))).megabytes,
      others: [{ name: 'limit', milliseconds: 200, most: 1 }],
    };
  yield {
    title: 'show, 1 GB: peak memory',
    unit: 'MB',
    labctl: (await peakOf([cli, 'show', file])).megabytes,
    others: [{ name: 'limit', milliseconds: 200, most: 1 }],
  };
}

export async function* benchShowCapture(): AsyncIterable<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-bench-capture-'));
  try {
    await run('tshark', ['--version']);
    yield* rows(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
