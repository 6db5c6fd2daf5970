// Lets somebody watch the packets of a run while they are written: the same bytes, decoded as they pass by.

import { CaptureParser } from '../evidence/capture-reader.ts';
import { decode } from '../evidence/decode.ts';
import { isMarker } from '../evidence/marker.ts';
import type { Packet } from '../model/packet.ts';
import type { RunRecord } from '../model/run.ts';
import type { ByteSink } from './call-log.ts';

export interface LiveWatcher {
  /** Every host is recorded from now on; the record grows as programs start. */
  began(record: RunRecord): void;
  /** Packets of one interface, as soon as they are there; some may come before `began`. */
  packets(packets: readonly Packet[]): void;
}

/** The sink with an ear at it. A stream that cannot be read is written all the same, and no longer listened to. */
export function overheard(sink: ByteSink, host: string, networkInterface: string, watcher: LiveWatcher): ByteSink {
  const parser = new CaptureParser();
  const point = { host, interface: networkInterface };
  let number = 0;
  let deaf = false;
  const listen = (bytes: Uint8Array): void => {
    const frames = parser.push(Uint8Array.from(bytes)).filter((frame) => !isMarker(frame.bytes, frame.linkType));
    if (frames.length > 0) watcher.packets(frames.map((frame) => decode(frame, point, ++number)));
  };
  return (bytes) => {
    try {
      if (!deaf) listen(bytes);
    } catch {
      deaf = true;
    }
    return sink(bytes);
  };
}
