// Wireshark's findings about a segment in its own words: `retransmission`, `duplicate ACK 7#2`.

import { namesOf, type SegmentFinding } from '../model/tcp-analysis.ts';

/** A duplicate ACK is told with the frame that it repeats, and the how manieth it is. */
export const analysisWords = ({ flags, duplicate, duplicateOf }: SegmentFinding): string[] =>
  namesOf(flags).map((name) =>
    name === 'duplicate_ack' ? `duplicate ACK ${duplicateOf}#${duplicate}` : name.replaceAll('_', ' '),
  );
