// Reads the insides of pcapng blocks: options, interface descriptions, names and statistics. The framing is the reader's.

import { ipv4Text, ipv6Text } from './address-text.ts';
import type { CaptureInterface } from './capture-frame.ts';
import { type Numbers, u8 } from './octets.ts';
import { nameRecords, optionCodes, padded } from './pcapng-format.ts';
import { BrokenRecord } from './record-reader.ts';

/** A block's body, from after its length to before its trailing length. */
export interface Body {
  bytes: Uint8Array;
  numbers: Numbers;
}

const decoder = new TextDecoder();

/** Code → value of the first such option. Throws BrokenRecord for a list that overruns its block. */
export function readOptions({ bytes, numbers }: Body, from: number): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = from; at + 4 <= bytes.length; ) {
    const code = numbers.u16(bytes, at);
    const length = numbers.u16(bytes, at + 2);
    if (code === optionCodes.end) break;
    if (at + 4 + length > bytes.length) throw new BrokenRecord(`an option that claims ${length} bytes`);
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
  if (value?.length !== 1) return 1e6;
  const exponent = u8(value, 0) & 0x7f;
  return u8(value, 0) & 0x80 ? 2 ** exponent : 10 ** exponent;
}

/** if_fcslen: bytes up to 7, bits from 8 on, as writers disagree. */
function checkLength(options: Map<number, Uint8Array>): Pick<CaptureInterface, 'checkLength'> {
  const value = options.get(optionCodes.checkLength);
  if (value?.length !== 1 || u8(value, 0) === 0) return {};
  return { checkLength: u8(value, 0) < 8 ? u8(value, 0) : u8(value, 0) >> 3 };
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
    ...checkLength(options),
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

/** The least lengths of records that name an address. */
const addressSize = new Map<number, number>([
  [nameRecords.ipv4, 4],
  [nameRecords.ipv6, 16],
]);

/** Address → first name, from a name resolution block. Throws BrokenRecord for a list that overruns its block. */
export function readNames(body: Body): [address: string, name: string][] {
  const { bytes, numbers } = body;
  const names: [string, string][] = [];
  let at = 0;
  for (let ended = false; !ended && at + 4 <= bytes.length; ) {
    const type = numbers.u16(bytes, at);
    const length = numbers.u16(bytes, at + 2);
    const size = addressSize.get(type);
    if (at + 4 + padded(length) > bytes.length || length < (size ?? 0))
      throw new BrokenRecord(`a name that claims ${length} bytes`);
    if (size !== undefined && length > size) {
      const address = size === 4 ? ipv4Text(bytes, at + 4) : ipv6Text(bytes, at + 4);
      names.push([address, decoder.decode(bytes.subarray(at + 4 + size, at + 4 + length)).split('\0')[0] ?? '']);
    }
    ended = type === nameRecords.end;
    at += 4 + padded(length);
  }
  readOptions(body, at);
  return names;
}
