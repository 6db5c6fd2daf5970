// The contract between the parser, which holds bytes, and the two formats, which know what a record looks like.

import type { TakeFrame } from './frame-record.ts';

/** No record that a capture needs is larger; one that claims more is damaged (Wireshark's limit too). */
export const largestRecord = 16 * 1024 * 1024;

/** Thrown by a format for a record that cannot be right; the parser turns it into Damage. */
export class BrokenRecord extends Error {}

export interface RecordReader {
  /**
   * Reads the record that starts at `at`, or as many as are there whole, handing over their frames. Gives the length of
   * what it read: more than `bytes` holds only for records that are skipped. Or, as a negative number, how many bytes it
   * must see first. Throws BrokenRecord only for the record at `at`.
   */
  read(bytes: Uint8Array, at: number, take: TakeFrame): number;
}
