// What tshark says of a capture in one pass, with default preferences: a row of texts for each frame.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { analysisNames } from '../labctl/model/tcp-analysis.ts';
import type { Row } from './row.ts';

const fields = [
  'frame.number',
  'frame.time_epoch',
  'tcp.stream',
  'tcp.seq',
  'tcp.ack',
  'tcp.len',
  'tcp.window_size',
  'tcp.analysis.initial_rtt',
  'tcp.analysis.duplicate_ack_num',
  'tcp.analysis.duplicate_ack_frame',
  ...analysisNames.map((name) => `tcp.analysis.${name}`),
];

/** No name is looked up, and no preference of this machine's user is read. */
const environment = { ...process.env, WIRESHARK_CONFIG_DIR: '/nonexistent', LC_ALL: 'C.UTF-8' };

function rowOf(line: string): Row {
  const [
    frame,
    time,
    stream = '',
    seq = '',
    ack = '',
    length = '',
    window = '',
    rtt = '',
    count = '',
    of = '',
    ...flags
  ] = line.split('\t');
  return {
    frame: Number(frame),
    time: time ?? '',
    stream,
    seq,
    ack,
    length,
    window,
    rtt,
    duplicate: count === '' ? '' : `${of}#${count}`,
    analysis: analysisNames.filter((_, index) => flags[index] !== ''),
  };
}

async function* lines(argv: readonly string[]): AsyncGenerator<string> {
  const tshark = spawn('tshark', ['-n', ...argv], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  yield* createInterface({ input: tshark.stdout });
}

export async function* oracleRows(file: string): AsyncGenerator<Row> {
  const options = fields.flatMap((field) => ['-e', field]);
  for await (const line of lines(['-r', file, '-T', 'fields', ...options])) yield rowOf(line);
}

/** The table of conversations, a line for each, in an order that does not matter: both ends, what each sent, how long, since when. */
export async function oracleConversations(file: string): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines(['-r', file, '-q', '-z', 'conv,tcp'])) {
    const [a, arrow, b, fromB, sizeB, unitB, fromA, sizeA, unitA, , , , start, duration] = line.trim().split(/\s+/);
    if (arrow !== '<->') continue;
    found.push(`${a} ${b} ${fromA} ${sizeA} ${unitA} ${fromB} ${sizeB} ${unitB} ${duration} ${start}`);
  }
  return found.sort();
}
