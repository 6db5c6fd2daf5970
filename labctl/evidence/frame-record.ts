// One record of a capture file as numbers, so that a million of them cost no million objects.

/** Refilled for every record; `bytes` and this are the taker's only until it returns. */
export class FrameRecord {
  /** Index into the parser's `interfaces`. */
  interface = 0;
  linkType = 0;
  seconds = 0;
  nanoseconds = 0;
  /** Bytes that were on the wire. */
  wireLength = 0;
  /** Where the frame lies in the bytes that are handed over with it: from `start` up to `end`. */
  start = 0;
  end = 0;
  /** Bytes at the end of the frame on the wire that check it, and are none of the packet. */
  checkLength = 0;
  comment: string | undefined = undefined;
}

export type TakeFrame = (bytes: Uint8Array, record: FrameRecord) => void;
