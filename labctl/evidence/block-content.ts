// Reads the insides of pcapng blocks: options, interface descriptions, names and statistics. The framing is the reader's.

import { ipv4Text, ipv6Text } from './address-text.ts';
import type { CaptureInterface } from './capture-frame.ts';
import { type Numbers, u8 } from './octets.ts';
import { nameRecords, optionCodes, padded } from './pcapng-format.ts';

/** A block's body, from after its length to before its trailing length. */
export interface Body {
  bytes: Uint8Array;
  numbers: Numbers;
}

const decoder = new TextDecoder();

/** Code → value of the first such option. A list that overruns its block ends there: packets matter more than remarks. */
export function readOptions({ bytes, numbers }: Body, from: number): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = from; at + 4 <= bytes.length; ) {
    const code = numbers.u16(bytes, at);
    const length = numbers.u16(bytes, at + 2);
    if (code === optionCodes.end || at + 4 + length > bytes.length) break;
    if (!options.has(code)) options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return options;
}

/** The text of an option, if it is there. Some writers end it with a zero byte. */
export function textOption(options: Map<number, Uint8Array>, code: number): string | undefined {
  const value = options.get(code);
  return value && decoder.decode(value).replace(/\0+$/, '');
}

function numberOption(options: Map<number, Uint8Array>, code: number, numbers: Numbers): number | undefined {
  const value = options.get(code);
  if (value?.length !== 8) return undefined;
  return numbers.u64(value, 0);
}

/** if_tsresol: a power of ten, or of two where the top bit is set; microseconds unless told. */
function ticksPerSecond(options: Map<number, Uint8Array>): number {
  const value = options.get(optionCodes.timeResolution);
  if (!value?.length) return 1e6;
  const exponent = u8(value, 0) & 0x7f;
  return u8(value, 0) & 0x80 ? 2 ** exponent : 10 ** exponent;
}

/** if_tsoffset is the one signed number. */
function offset(options: Map<number, Uint8Array>, numbers: Numbers): Pick<CaptureInterface, 'offsetSeconds'> {
  const value = options.get(optionCodes.timeOffset);
  const seconds = value?.length === 8 ? numbers.i64(value, 0) : 0;
  return seconds === 0 ? {} : { offsetSeconds: seconds };
}

/** The name, link type and clock of an interface description block. */
export function readInterface(body: Body): CaptureInterface {
  const { bytes, numbers } = body;
  const options = readOptions(body, 8);
  const name = textOption(options, optionCodes.interfaceName);
  const description = textOption(options, optionCodes.interfaceDescription);
  return {
    linkType: numbers.u16(bytes, 0),
    snapLength: numbers.u32(bytes, 4),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ticksPerSecond: ticksPerSecond(options),
    ...offset(options, numbers),
  };
}

/** Packets received and lost, as far as an interface statistics block tells. */
export function readStatistics(body: Body): Pick<CaptureInterface, 'received' | 'dropped'> {
  const options = readOptions(body, 12);
  const received = numberOption(options, optionCodes.statisticsReceived, body.numbers);
  const dropped = [optionCodes.statisticsDropped, optionCodes.statisticsOsDropped]
    .map((code) => numberOption(options, code, body.numbers))
    .filter((count) => count !== undefined);
  return {
    ...(received === undefined ? {} : { received }),
    ...(dropped.length === 0 ? {} : { dropped: dropped.reduce((sum, count) => sum + count, 0) }),
  };
}

/** Address → first name, from a name resolution block. */
export function readNames({ bytes, numbers }: Body): [address: string, name: string][] {
  const names: [string, string][] = [];
  for (let at = 0; at + 4 <= bytes.length; ) {
    const type = numbers.u16(bytes, at);
    const length = numbers.u16(bytes, at + 2);
    if (type === nameRecords.end || at + 4 + length > bytes.length) break;
    const size = type === nameRecords.ipv4 ? 4 : type === nameRecords.ipv6 ? 16 : undefined;
    if (size !== undefined && length > size) {
      const address = size === 4 ? ipv4Text(bytes, at + 4) : ipv6Text(bytes, at + 4);
      names.push([address, decoder.decode(bytes.subarray(at + 4 + size, at + 4 + length)).split('\0')[0] ?? '']);
    }
    at += 4 + padded(length);
  }
  return names;
}
