// The contract between the parser, which holds bytes, and the two formats, which know what a record looks like.

import type { TakeFrame } from './frame-record.ts';

/** No record that a capture needs is larger; one that claims more is damaged (Wireshark's limit too). */
export const largestRecord = 16 * 1024 * 1024;
/** Links whose packets may be larger than all others': D-Bus, USB, and a monitor of serial buses (Wireshark's limits). */
const longPackets = new Set([231, 249, 279]);
const usualPacket = 262_144;

/** More bytes of one packet are no packet: the file is damaged. */
export const largestPacket = (linkType: number): number => (longPackets.has(linkType) ? largestRecord : usualPacket);

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
