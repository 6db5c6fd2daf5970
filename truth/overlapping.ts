// Datagrams in pieces that do not fit together: they overlap, come twice, in any order, or one is missing.

import { type Addresses, ipPacket, protocols } from './frames.ts';
import type { Random } from './random.ts';

const eights = (value: number): number => Math.max(8, value & ~7);

function shuffled<Value>(values: Value[], random: Random): Value[] {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [values[last], values[other]] = [values[other] as Value, values[last] as Value];
  }
  return values;
}

/** The pieces of a TCP segment as IP packets, in the order in which they come. */
export function overlapping(addresses: Addresses, payload: Uint8Array, id: number, random: Random): Uint8Array[] {
  const size = eights(random.pick([8, 16, 64, 256, 512]));
  const made: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const back = random.chance(15) ? Math.min(offset, eights(random.below(size + 1))) : 0;
    const longer = random.chance(15) ? eights(random.below(40)) : 0;
    const end = Math.min(payload.length, offset + size + longer);
    const isLast = offset + size >= payload.length;
    const bytes = payload.slice(offset - back, isLast ? payload.length : eights(end - offset + back) + offset - back);
    if (random.chance(10)) bytes.fill(random.below(256), Math.min(20, bytes.length));
    made.push(ipPacket(addresses, protocols.tcp, bytes, { id, offset: offset - back, more: !isLast }));
  }
  if (random.chance(10)) made.splice(random.below(made.length), 1);
  if (random.chance(25) && made.length > 0) made.push(random.pick(made));
  return random.chance(50) ? made : shuffled(made, random);
}
