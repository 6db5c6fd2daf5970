// Merges the captures of one host's interfaces by time into one pcapng stream.

import type { CapturedFrame, Damage } from './capture-frame.ts';
import type { SectionOptions, StatisticsOptions } from './pcapng-writer.ts';

export interface MergeInput {
  /** Name in the pcapng file: `client1/eth0`. */
  name: string;
  description?: string;
  /** A pcap or pcapng file or stream of one link type. */
  chunks: AsyncIterable<Uint8Array>;
  /** Asked once all frames are written, because drops are only known then. */
  statistics?: () => StatisticsOptions | undefined;
}

export interface MergeOptions {
  section?: SectionOptions;
  names?: Iterable<readonly [address: string, name: string]>;
  /** Frames for which this is false are left out, e.g. markers. */
  keep?: (frame: CapturedFrame, input: number) => boolean;
  /** Told when an input was cut off or broken; what came before is kept. */
  onDamage?: (input: number, damage: Damage) => void;
}

/** The bytes of one pcapng file. Frames of equal time keep the order of the inputs. */
export async function* mergeCaptures(
  _inputs: readonly MergeInput[],
  _options: MergeOptions = {},
): AsyncGenerator<Uint8Array> {
  throw new Error('not yet');
}
