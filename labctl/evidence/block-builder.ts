// Builds one pcapng block: numbers, padded bytes and options in order, the lengths around them at the end.

import { isIPv4, isIPv6 } from 'node:net';
import { nameRecords, optionCodes, padded } from './pcapng-format.ts';

const encoder = new TextEncoder();
/** An option's length field has 16 bits. */
const longestOption = 0xffff;

export class Block {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 8;
  #hasOptions = false;

  constructor(type: number, expectedLength = 128) {
    this.#bytes = new Uint8Array(expectedLength);
    this.#view = new DataView(this.#bytes.buffer);
    this.#view.setUint32(0, type, true);
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + length));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  u16(value: number): this {
    this.#room(2);
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#room(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  /** Padded to four bytes. */
  bytes(bytes: Uint8Array): this {
    this.#room(padded(bytes.length));
    this.#bytes.set(bytes, this.#at);
    this.#at += padded(bytes.length);
    return this;
  }

  option(code: number, value: Uint8Array): this {
    this.#hasOptions = true;
    return this.u16(code).u16(value.length).bytes(value);
  }

  /** A text option, if there is a text; what does not fit into an option is cut between characters. */
  text(code: number, text: string | undefined): this {
    if (text === undefined) return this;
    const room = new Uint8Array(Math.min(longestOption, 3 * text.length));
    return this.option(code, room.subarray(0, encoder.encodeInto(text, room).written));
  }

  /** A 64-bit counter option, if there is a count. */
  count(code: number, count: number | undefined): this {
    if (count === undefined) return this;
    const value = new Uint8Array(8);
    new DataView(value.buffer).setBigUint64(0, BigInt(count), true);
    return this.option(code, value);
  }

  nameRecord(address: Uint8Array, name: string): this {
    const value = new Uint8Array([...address, ...encoder.encode(name), 0]);
    return this.u16(address.length === 4 ? nameRecords.ipv4 : nameRecords.ipv6)
      .u16(value.length)
      .bytes(value);
  }

  endOfNames(): this {
    return this.u16(nameRecords.end).u16(0);
  }

  finish(): Uint8Array {
    if (this.#hasOptions) this.u16(optionCodes.end).u16(0);
    const length = this.#at + 4;
    this.u32(length);
    this.#view.setUint32(4, length, true);
    return this.#bytes.subarray(0, length);
  }
}

const ipv4Bytes = (address: string): number[] => address.split('.').map(Number);

const groupBytes = (group: string): number[] => {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
};

const sideBytes = (side: string): number[] =>
  side === '' ? [] : side.split(':').flatMap((group) => (group.includes('.') ? ipv4Bytes(group) : groupBytes(group)));

/** Four or sixteen bytes; undefined for what is no IP address. */
export function addressBytes(address: string): Uint8Array | undefined {
  if (isIPv4(address)) return Uint8Array.from(ipv4Bytes(address));
  if (!isIPv6(address)) return undefined;
  const [left = '', right] = address.replace(/%.*$/, '').split('::');
  const [start, end] = [sideBytes(left), sideBytes(right ?? '')];
  return Uint8Array.from([...start, ...Array<number>(16 - start.length - end.length).fill(0), ...end]);
}
