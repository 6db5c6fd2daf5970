// Chooses an IPv6 prefix for each network of a lab that asks for IPv6: unique local addresses (RFC 4193), of no clash.

import { createHash } from 'node:crypto';

/** `fd` and 40 bits that are the lab's own: the same lab has the same addresses, two labs have different ones. */
function globalId(lab: string, attempt: number): string {
  return createHash('sha256').update(`labctl ULA ${lab} ${attempt}`).digest('hex').slice(0, 10);
}

/** The first 64 bits of an IPv6 address or prefix, as 16 digits. */
function first64(address: string): string {
  const [text = ''] = address.split(/[/%]/);
  const [before = '', after] = text.split('::');
  const left = before.split(':').filter(Boolean);
  const right = (after ?? '').split(':').filter(Boolean);
  const zeros = after === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
    .slice(0, 4)
    .map((group) => group.padStart(4, '0'))
    .join('');
}

/** `fd12:3456:789a:1::/64`. */
function prefixText(digits: string): string {
  const groups = digits.match(/.{4}/g) ?? [];
  return `${groups.map((group) => group.replace(/^0{1,3}/, '')).join(':')}::/64`;
}

/** A /64 for the n-th network of the lab, none of which lies in a /48 where something taken does. */
export function choosePrefixes(
  lab: string,
  networks: readonly string[],
  taken: readonly string[],
): Map<string, string> {
  const held = new Set(taken.map((address) => first64(address).slice(0, 12)));
  let attempt = 0;
  while (held.has(`fd${globalId(lab, attempt)}`)) attempt++;
  const site = `fd${globalId(lab, attempt)}`;
  return new Map(
    networks.map((network, index) => [network, prefixText(site + (index + 1).toString(16).padStart(4, '0'))]),
  );
}

/** The n-th address of a /64, `fd…::2` for 2. */
export const addressIn = (prefix: string, n: number): string => prefix.replace(/::\/64$/, `::${n.toString(16)}`);
