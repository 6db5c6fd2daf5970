// Numbers out of bytes for the hot path: callers have made sure that the bytes are there.

export const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] as number;

export const shortAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

/** 32 bits with a sign. */
export const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);
