// Reads numbers out of bytes. Past the end everything reads as zero: callers check lengths where it matters.

export const u8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** Network byte order, as in every header on the wire. */
export const u16 = (bytes: Uint8Array, at: number): number => (u8(bytes, at) << 8) | u8(bytes, at + 1);

/** Unsigned, network byte order. */
export const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2);

/** Numbers of a capture file, whose writer chose the byte order. */
export interface Numbers {
  u16(bytes: Uint8Array, at: number): number;
  u32(bytes: Uint8Array, at: number): number;
  /** Exact up to 2^53, which no counter of a capture reaches. */
  u64(bytes: Uint8Array, at: number): number;
  /** With a sign: exact where it is small. */
  i64(bytes: Uint8Array, at: number): number;
}

export const bigEndian: Numbers = {
  u16,
  u32,
  u64: (bytes, at) => u32(bytes, at) * 2 ** 32 + u32(bytes, at + 4),
  i64: (bytes, at) => (u32(bytes, at) | 0) * 2 ** 32 + u32(bytes, at + 4),
};

const u16Little = (bytes: Uint8Array, at: number): number => u8(bytes, at) | (u8(bytes, at + 1) << 8);

const u32Little = (bytes: Uint8Array, at: number): number => u16Little(bytes, at) + u16Little(bytes, at + 2) * 0x1_0000;

export const littleEndian: Numbers = {
  u16: u16Little,
  u32: u32Little,
  u64: (bytes, at) => u32Little(bytes, at) + u32Little(bytes, at + 4) * 2 ** 32,
  i64: (bytes, at) => u32Little(bytes, at) + (u32Little(bytes, at + 4) | 0) * 2 ** 32,
};
