// Blocks of a pcapng file that hold no packet and are frames nevertheless, as Wireshark counts: entries of a journal,
// system calls, whatever a vendor keeps. What they hold is not read, but for their times.

import type { Body } from './block-content.ts';
import { setInstant } from './capture-time.ts';
import type { FrameRecord } from './frame-record.ts';
import { blockTypes } from './pcapng-format.ts';
import { BrokenRecord } from './record-reader.ts';

const sysdigEvents = new Set<number>([blockTypes.sysdigEvent, blockTypes.sysdigEvent2, blockTypes.sysdigEvent2Large]);
const sysdigHeader = 24;
/** A journal's entry is text; a shorter one cannot even tell its time. */
const shortestEntry = 23;
const customHeader = 4;
const entryTime = /^__REALTIME_TIMESTAMP=(\d{1,16})$/m;

/** Fills in the time and the length of a block that is a record; false for other types. Throws BrokenRecord. */
export function readRecord(type: number, { bytes, numbers }: Body, record: FrameRecord): boolean {
  record.seconds = 0;
  record.nanoseconds = 0;
  if (sysdigEvents.has(type)) {
    if (bytes.length < sysdigHeader) throw new BrokenRecord(`an event of ${bytes.length} bytes`);
    const time = numbers.u64(bytes, 2);
    setInstant(record, Math.floor(time / 2 ** 32), time % 2 ** 32, 1e9);
    record.wireLength = numbers.u32(bytes, 18);
    return true;
  }
  if (type === blockTypes.journal) {
    readEntry(bytes, record);
    return true;
  }
  if (type !== blockTypes.custom && type !== blockTypes.customNoCopy) return false;
  if (bytes.length < customHeader) throw new BrokenRecord('a custom block of nobody');
  record.wireLength = bytes.length - customHeader;
  return true;
}

function readEntry(bytes: Uint8Array, record: FrameRecord): void {
  const zero = bytes.indexOf(0);
  const length = zero < 0 ? bytes.length : zero;
  if (length < shortestEntry) throw new BrokenRecord(`a journal's entry of ${length} bytes`);
  record.wireLength = length;
  const microseconds = Number(entryTime.exec(Buffer.from(bytes.subarray(0, length)).toString('latin1'))?.[1] ?? 0);
  record.seconds = Math.floor(microseconds / 1e6);
  record.nanoseconds = (microseconds % 1e6) * 1000;
}
