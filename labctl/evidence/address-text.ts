// Addresses as text, one form for all evidence: what strace, ss, /proc and packets name alike must compare equal.

import type { Endpoint } from '../model/endpoint.ts';

/** An IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) is the IPv4 address that is on the wire. */
export const unmapped = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;

/** Four bytes as `192.0.2.1`. */
export const ipv4Text = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;

/** Start and length of the longest run of zeros, the first of equals; runs of one do not count (RFC 5952, section 4.2). */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 1 };
  for (let i = 0; i < groups.length; i += 1) {
    let end = i;
    while (groups[end] === 0) end += 1;
    if (end - i > best.length) best = { start: i, length: end - i };
    i = Math.max(i, end - 1);
  }
  return best;
}

/** Sixteen bytes as RFC 5952 writes them; mapped IPv4 addresses stay mapped, as inet_ntop prints them. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[at + 2 * i] ?? 0) << 8) | (bytes[at + 2 * i + 1] ?? 0));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return `::ffff:${ipv4Text(bytes, at + 12)}`;
  const hex = groups.map((group) => group.toString(16));
  const { start, length } = longestZeros(groups);
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

/** `[::1%lo]:80`, `0.0.0.0:*`, `*:5000` as ss prints them; `*` is the IPv6 wildcard that takes IPv4 too, port `*` is 0. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const colon = text.lastIndexOf(':');
  const port = text.slice(colon + 1);
  if (colon < 1 || !/^(\*|\d{1,5})$/.test(port)) return undefined;
  const host = text.slice(0, colon).replaceAll(/[[\]]|%[^\]]*/g, '');
  return { address: host === '*' ? '::' : unmapped(host), port: port === '*' ? 0 : Number(port) };
}
