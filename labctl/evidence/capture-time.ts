// Turns the 64-bit tick counts of capture files into seconds and nanoseconds without losing a digit.

export interface Instant {
  seconds: number;
  nanoseconds: number;
}

/** Up to this resolution a remainder times 2^16 still is an exact double. */
const exactLimit = 2 ** 36;

/** Schoolbook division, sixteen bits at a time: four exact steps, and much cheaper than BigInt. */
function divide(high: number, low: number, by: number): { quotient: number; remainder: number } {
  let quotient = 0;
  let remainder = 0;
  for (const limb of [high >>> 16, high & 0xffff, low >>> 16, low & 0xffff]) {
    const value = remainder * 0x1_0000 + limb;
    const digit = Math.floor(value / by);
    quotient = quotient * 0x1_0000 + digit;
    remainder = value - digit * by;
  }
  return { quotient, remainder };
}

/** Resolutions finer than any clock: rare enough for BigInt. */
function divideBig(high: number, low: number, by: number): Instant {
  const ticks = (BigInt(high) << 32n) | BigInt(low);
  const perSecond = BigInt(by);
  const nanoseconds = ((ticks % perSecond) * 1_000_000_000n) / perSecond;
  return { seconds: Number(ticks / perSecond), nanoseconds: Number(nanoseconds) };
}

/** `high` and `low` are the two halves of the tick count. */
export function instantOf(high: number, low: number, ticksPerSecond: number): Instant {
  if (ticksPerSecond > exactLimit) return divideBig(high, low, ticksPerSecond);
  const { quotient, remainder } = divide(high, low, ticksPerSecond);
  const factor = 1e9 / ticksPerSecond;
  const nanoseconds = Number.isInteger(factor) ? remainder * factor : Math.floor((remainder / ticksPerSecond) * 1e9);
  return { seconds: quotient, nanoseconds };
}

/** The two halves of nanoseconds since the epoch. */
export function nanosecondTicks({ seconds, nanoseconds }: Instant): { high: number; low: number } {
  const ticks = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  return { high: Number(BigInt.asUintN(32, ticks >> 32n)), low: Number(BigInt.asUintN(32, ticks)) };
}
