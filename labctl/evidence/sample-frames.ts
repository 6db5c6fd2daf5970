// Frames for tests, built layer by layer so that a test names only what it is about.

import { addressBytes } from './block-builder.ts';

export const join = (...parts: (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

export const be16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
export const be32 = (value: number): number[] => [...be16(Math.floor(value / 0x1_0000)), ...be16(value % 0x1_0000)];
export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const address = (text: string): Uint8Array => addressBytes(text) ?? new Uint8Array(4);

const macs = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];

/** From 02:00:00:00:00:01 to 02:00:00:00:00:02; `tags` are VLAN tags, outermost first. */
export const ethernet = (etherType: number, payload: Uint8Array, tags: readonly [type: number, id: number][] = []) =>
  join(macs, ...tags.map(([type, id]) => [...be16(type), ...be16(id)]), be16(etherType), payload);

export interface Ipv4Fields {
  options?: readonly number[];
  /** In bytes. */
  fragmentOffset?: number;
  moreFragments?: boolean;
  totalLength?: number;
  source?: string;
  destination?: string;
}

export function ipv4(protocol: number, payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const options = fields.options ?? [];
  const flags = ((fields.moreFragments ? 1 : 0) << 13) | ((fields.fragmentOffset ?? 0) / 8);
  const headerLength = 20 + options.length;
  const total = fields.totalLength ?? headerLength + payload.length;
  return join(
    [0x40 | (headerLength / 4), 0, ...be16(total), 0x12, 0x34, ...be16(flags), 64, protocol, 0, 0],
    address(fields.source ?? '192.0.2.1'),
    address(fields.destination ?? '192.0.2.2'),
    options,
    payload,
  );
}

export const ipv6 = (nextHeader: number, payload: Uint8Array, source = '2001:db8::1', destination = '2001:db8::2') =>
  join([0x60, 0, 0, 0, ...be16(payload.length), nextHeader, 63], address(source), address(destination), payload);

export interface TcpFields {
  source?: number;
  destination?: number;
  seq?: number;
  ack?: number;
  flags?: number;
  window?: number;
  options?: readonly number[];
  payload?: Uint8Array;
}

/** `options` must fill a multiple of four bytes. */
export function tcp(fields: TcpFields = {}): Uint8Array {
  const { source = 40000, destination = 5000, seq = 1000, ack = 0, flags = 2, window = 64240, options = [] } = fields;
  const offset = ((20 + options.length) / 4) << 4;
  const ports = [...be16(source), ...be16(destination)];
  return join(ports, be32(seq), be32(ack), [offset, flags], be16(window), [0, 0, 0, 0], options, fields.payload ?? []);
}

export const udp = (payload: Uint8Array, source = 40000, destination = 53) =>
  join(be16(source), be16(destination), be16(8 + payload.length), [0, 0], payload);

/** The options of an ordinary Linux SYN: MSS 1460, SACK permitted, time stamps, NOP, window scale 7. */
export const synOptions = [2, 4, 5, 180, 4, 2, 8, 10, ...be32(123456), ...be32(0), 1, 3, 3, 7];
