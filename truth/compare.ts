// Holds labctl against tshark, frame by frame and field by field, and counts where they differ.

import { endpointText } from '../labctl/model/endpoint.ts';
import { LabError } from '../labctl/model/lab-error.ts';
import type { ConversationCount } from '../labctl/model/tcp-analysis.ts';
import { epochText } from '../labctl/views/capture-lines.ts';
import { oracleConversations, oracleRows } from './oracle.ts';
import { ourConversations, ourRows } from './ours.ts';
import type { Row } from './row.ts';

const fields = ['time', 'stream', 'analysis', 'seq', 'ack', 'length', 'window', 'rtt', 'duplicate'] as const;
export type Field = (typeof fields)[number] | 'frames' | 'conversations';

export interface Difference {
  file: string;
  frame: number;
  field: Field;
  tshark: string;
  labctl: string;
}

export interface Comparison {
  frames: number;
  segments: number;
  differences: Difference[];
}

/** What tshark prints only here and there (an RTT where it has more to say of a segment) is compared where it does. */
function isCompared(field: Field, theirs: Row): boolean {
  if (field === 'stream' || field === 'analysis') return true;
  if (field === 'time') return theirs.time !== '';
  if (theirs.stream === '') return false;
  if (field === 'duplicate' || field === 'seq') return true;
  return theirs[field as 'ack' | 'rtt'] !== '';
}

function* rowDifferences(file: string, theirs: Row, ours: Row): Generator<Difference> {
  for (const field of fields) {
    const [tshark, labctl] = [String(theirs[field]), String(ours[field])];
    if (tshark !== labctl && isCompared(field, theirs)) yield { file, frame: theirs.frame, field, tshark, labctl };
  }
}

const nanoseconds = (time: string): bigint => BigInt(time.replace('.', ''));
/** Seconds and their fraction added up, as tshark prints them: of long times a double does not hold every digit. */
const asDouble = (time: bigint): number => Number(time / 1_000_000_000n) + Number(time % 1_000_000_000n) / 1e9;

const secondsSince = (time: string, first: string): number =>
  asDouble(nanoseconds(time) - nanoseconds(isClock(first) ? first : '0'));

const units = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

/** As tshark writes sizes: in the largest unit of which there are at least ten. */
function sizeText(bytes: number): string {
  const [unit, size] = units.find(([, least]) => bytes >= 10 * least) ?? ['bytes', 1];
  return `${Math.floor(bytes / size)} ${unit}`;
}

/** As tshark writes it: the start counts from the first frame. */
function shown({ a, b, aToB, bToA, start, end }: ConversationCount, first: string): string {
  const [after, until] = [start, end].map((time) => secondsSince(epochText(time), first)) as [number, number];
  const counts = [aToB.packets, sizeText(aToB.bytes), bToA.packets, sizeText(bToA.bytes)];
  return `${plain(a)} ${plain(b)} ${counts.join(' ')} ${(until - after).toFixed(4)} ${after.toFixed(9)}`;
}

/** tshark writes IPv6 addresses without brackets. */
const plain = (end: ConversationCount['a']): string => endpointText(end).replace(/[[\]]/g, '');

/** Damaged captures claim times that are none: their differences mean nothing. */
const isClock = (time: string): boolean => /^[1-9]\d{0,9}\.\d{9}$/.test(time);
const timeless = (line: string): string => line.replace(/ \S+ \S+$/, '');

async function conversationDifferences(file: string, rows: readonly Row[]): Promise<Difference[]> {
  const time = rows[0]?.time ?? '';
  const clock = rows.every((row) => isClock(row.time)) ? (line: string) => line : timeless;
  const theirs = (await oracleConversations(file)).map(clock);
  const ours = (await ourConversations(file)).map((one) => clock(shown(one, time))).sort();
  const missing = theirs.filter((line) => !ours.includes(line));
  const extra = ours.filter((line) => !theirs.includes(line));
  return Array.from({ length: Math.max(missing.length, extra.length) }, (_, index) => ({
    file,
    frame: 0,
    field: 'conversations' as const,
    tshark: missing[index] ?? '',
    labctl: extra[index] ?? '',
  }));
}

/** Both views of one capture file. Throws LabError for what either of them cannot read. */
export async function compareFile(file: string): Promise<Comparison> {
  const ours = await ourRows(file);
  const differences: Difference[] = [];
  let frames = 0;
  let segments = 0;
  for await (const theirs of oracleRows(file)) {
    const own = ours[frames];
    frames += 1;
    if (theirs.stream !== '') segments += 1;
    if (own) differences.push(...rowDifferences(file, theirs, own));
  }
  if (frames === 0 && ours.length > 0) throw new LabError('usage', 'tshark cannot read it');
  if (frames !== ours.length)
    differences.push({ file, frame: 0, field: 'frames', tshark: String(frames), labctl: String(ours.length) });
  differences.push(...(await conversationDifferences(file, ours)));
  return { frames, segments, differences };
}
