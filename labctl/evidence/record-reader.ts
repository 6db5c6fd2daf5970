// The contract between the parser, which holds bytes, and the two formats, which know what a record looks like.

import type { TakeFrame } from './frame-record.ts';

/** No record that a capture needs is larger; one that claims more is damaged (Wireshark's limit too). */
export const largestRecord = 16 * 1024 * 1024;

/** Thrown by a format for a record that cannot be right; the parser turns it into Damage. */
export class BrokenRecord extends Error {}

export interface RecordReader {
  /**
   * Reads the record that starts at `at`, handing over its frame, if it has one. Gives the record's length: more than
   * `bytes` holds only for records that are skipped. Or, as a negative number, how many bytes it must see first.
   */
  read(bytes: Uint8Array, at: number, take: TakeFrame): number;
}
