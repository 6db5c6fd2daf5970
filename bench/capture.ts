// Writes the capture that the speed of reading is measured with: many TCP conversations at once, packets of all sizes.

import { closeSync, openSync, writeSync } from 'node:fs';

const ethernet = 14;
const ipv4 = 20;
const tcp = 20;
const record = 16;
/** Payload sizes in turn: bare ACKs, small writes, full segments. */
const sizes = [0, 1448, 0, 120, 1448, 0, 26, 1448, 700, 0, 1448, 1448, 0, 300];

interface Talk {
  next: [number, number];
  acked: [number, number];
}

/** One frame written into `bytes` at `at`; gives where it ends. */
function putFrame(bytes: Uint8Array, at: number, number: number, talk: Talk, index: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const from = (number & 1) as 0 | 1;
  const to = (1 - from) as 0 | 1;
  const begun = talk.next[from] !== 1000;
  const size = begun ? (sizes[(number * 7 + index) % sizes.length] ?? 0) : 0;
  const length = ethernet + ipv4 + tcp + size;
  const micros = number * 3;
  bytes.fill(0, at, at + record + length);
  view.setUint32(at, 1_700_000_000 + Math.floor(micros / 1e6), true);
  view.setUint32(at + 4, micros % 1e6, true);
  view.setUint32(at + 8, length, true);
  view.setUint32(at + 12, length, true);
  const ip = at + record + ethernet;
  view.setUint16(ip - 2, 0x0800);
  view.setUint8(ip, 0x45);
  view.setUint16(ip + 2, ipv4 + tcp + size);
  view.setUint8(ip + 8, 64);
  view.setUint8(ip + 9, 6);
  const [source, destination] = from === 0 ? [12, 16] : [16, 12];
  view.setUint32(ip + source, 0x0a00_0000 + index);
  view.setUint32(ip + destination, 0x0a80_0001);
  const header = ip + ipv4;
  view.setUint16(header, from === 0 ? 30_000 + index : 443);
  view.setUint16(header + 2, from === 0 ? 443 : 30_000 + index);
  const repeated = begun && size > 0 && number % 500 < 2;
  view.setUint32(header + 4, repeated ? talk.next[from] - size : talk.next[from]);
  view.setUint32(header + 8, begun || from === 1 ? talk.next[to] : 0);
  view.setUint8(header + 12, 0x50);
  view.setUint8(header + 13, begun ? 0x10 : from === 0 ? 0x02 : 0x12);
  view.setUint16(header + 14, 64_240);
  if (!repeated) talk.next[from] += begun ? size : 1;
  return at + record + length;
}

/** A pcap file of `packets` packets in `conversations` conversations; returns its size in bytes. */
export function writeCapture(path: string, packets: number, conversations: number): number {
  const file = openSync(path, 'w');
  const bytes = new Uint8Array(1024 * 1024);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, 0xa1b2c3d4, true);
  head.setUint16(4, 2, true);
  head.setUint16(6, 4, true);
  head.setUint32(16, 262_144, true);
  head.setUint32(20, 1, true);
  const talks = Array.from({ length: conversations }, (): Talk => ({ next: [1000, 1000], acked: [0, 0] }));
  let at = 24;
  let size = 0;
  for (let number = 0; number < packets; number += 1) {
    const index = (number >> 1) % conversations;
    at = putFrame(bytes, at, number, talks[index] as Talk, index);
    if (at < bytes.length - 4096 && number < packets - 1) continue;
    size += writeSync(file, bytes, 0, at);
    at = 0;
  }
  closeSync(file);
  return size;
}
