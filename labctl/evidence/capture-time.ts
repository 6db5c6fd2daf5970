// Turns the 64-bit tick counts of capture files into seconds and nanoseconds without losing a digit.

export interface Instant {
  seconds: number;
  nanoseconds: number;
}

/** Up to this resolution a remainder times 2^16 still is an exact double. */
const exactLimit = 2 ** 36;

/** Resolutions finer than any clock: rare enough for BigInt. */
function divideBig(high: number, low: number, by: number): Instant {
  const ticks = (BigInt(high) << 32n) | BigInt(low);
  const perSecond = BigInt(by);
  const nanoseconds = ((ticks % perSecond) * 1_000_000_000n) / perSecond;
  return { seconds: Number(ticks / perSecond), nanoseconds: Number(nanoseconds) };
}

/** Sets the time that a tick count tells; `high` and `low` are its two halves. Costs no object: every packet has one. */
export function setInstant(instant: Instant, high: number, low: number, ticksPerSecond: number): void {
  if (ticksPerSecond > exactLimit) {
    Object.assign(instant, divideBig(high, low, ticksPerSecond));
    return;
  }
  // Schoolbook division, sixteen bits at a time: the high half whole, then two exact steps.
  const first = Math.floor(high / ticksPerSecond);
  const upper = (high - first * ticksPerSecond) * 0x1_0000 + (low >>> 16);
  const second = Math.floor(upper / ticksPerSecond);
  const lower = (upper - second * ticksPerSecond) * 0x1_0000 + (low & 0xffff);
  const third = Math.floor(lower / ticksPerSecond);
  const remainder = lower - third * ticksPerSecond;
  instant.seconds = first * 0x1_0000_0000 + second * 0x1_0000 + third;
  const factor = 1e9 / ticksPerSecond;
  instant.nanoseconds = Number.isInteger(factor) ? remainder * factor : Math.floor((remainder / ticksPerSecond) * 1e9);
}

/** The two halves of nanoseconds since the epoch. */
export function nanosecondTicks({ seconds, nanoseconds }: Instant): { high: number; low: number } {
  const ticks = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  return { high: Number(BigInt.asUintN(32, ticks >> 32n)), low: Number(BigInt.asUintN(32, ticks)) };
}
