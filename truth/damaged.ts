// Whatever becomes of a capture file, labctl gives rows or a clear complaint: a seed makes a damaged file and reads it.

import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { readCaptureReport } from '../labctl/folder/read-capture.ts';
import type { CaptureReport, CaptureRow } from '../labctl/model/capture-report.ts';
import { LabError } from '../labctl/model/lab-error.ts';
import { renderCapture } from '../labctl/views/terminal/capture.ts';
import { captureFile } from './generated.ts';
import { Random } from './random.ts';

/** Values that lengths and counts are wrong by. */
const nasty = [0, 1, 3, 7, 0x7f, 0x80, 0xff, 0xffff, 0x10_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff];

function overwrite(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const at = random.below(random.chance(30) ? 64 : copy.length);
  const value = random.chance(50) ? random.pick(nasty) : random.below(2 ** 32);
  const size = random.pick([1, 1, 2, 4]);
  for (let i = 0; i < size && at + i < copy.length; i += 1) copy[at + i] = (value >>> (8 * i)) & 255;
  return copy;
}

function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length);
  const kind = random.below(20);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(40))]);
  if (kind === 2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at >> 1, at), bytes.subarray(at)]);
  return overwrite(bytes, random);
}

/** A file of a few frames with one to six faults; now and then compressed, and then damaged again. */
export function damagedFile(seed: number): Uint8Array {
  const random = new Random(seed);
  let bytes = captureFile({ seed: random.below(1000), frames: 12 });
  for (let faults = 1 + random.below(6); faults > 0; faults -= 1) bytes = damaged(bytes, random);
  if (!random.chance(5)) return bytes;
  const packed = gzipSync(bytes);
  return random.chance(50) ? damaged(packed, random) : packed;
}

/** A row says what it is or why it is not decoded. */
const isTold = ({ packet, segment }: CaptureRow): boolean =>
  segment !== undefined ||
  packet.undecoded !== undefined ||
  [packet.tcp, packet.udp, packet.icmp, packet.arp, packet.ip].some((layer) => layer !== undefined);

const style = { width: 80, color: false, unicode: true, language: 'en' as const };

function fault(report: CaptureReport): string | undefined {
  if (report.rows.length + report.omitted.rows !== report.packets) return 'a packet has no row';
  const untold = report.rows.find((row) => !isTold(row));
  if (untold) return `frame ${untold.packet.frame} says nothing`;
  return renderCapture(report, style, true) === '' ? 'nothing is printed' : undefined;
}

/** What is wrong with how labctl read the damaged file of this seed; undefined when nothing is. */
export async function checkDamaged(seed: number): Promise<string | undefined> {
  const stdin = Readable.from([damagedFile(seed)]);
  const source = { path: '-', stdin, signal: new AbortController().signal };
  const began = performance.now();
  try {
    const found = fault(await readCaptureReport(source, { name: '-', mostRows: 300, mostConversations: 40 }));
    if (found) return found;
  } catch (error) {
    if (!(error instanceof LabError)) return `throws ${(error as Error).stack}`;
    if (error.message === '') return 'an empty complaint';
  }
  const took = performance.now() - began;
  return took > 2000 ? `takes ${took.toFixed(0)} ms` : undefined;
}
