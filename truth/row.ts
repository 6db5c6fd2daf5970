// One frame as both sides see it: what is compared.

import type { AnalysisName } from '../labctl/model/tcp-analysis.ts';

/** Empty texts where there is nothing to say. */
export interface Row {
  frame: number;
  time: string;
  stream: string;
  seq: string;
  ack: string;
  length: string;
  window: string;
  rtt: string;
  /** `7#2`: the second duplicate of the ACK in frame 7. */
  duplicate: string;
  analysis: AnalysisName[];
}
