// Writes pcapng blocks (draft-ietf-opsawg-pcapng) as byte arrays; where they go is the caller's business.

import { addressBytes, Block } from './block-builder.ts';
import type { CapturedFrame } from './capture-frame.ts';
import { nanosecondTicks } from './capture-time.ts';
import { blockTypes, byteOrderMagic, optionCodes, padded } from './pcapng-format.ts';

export interface SectionOptions {
  comment?: string;
  hardware?: string;
  os?: string;
  application?: string;
}

export interface InterfaceOptions {
  /** `client1/eth0`. */
  name: string;
  description?: string;
  linkType: number;
  /** 0, the default: no limit. */
  snapLength?: number;
  /** What was captured, as pcap-filter(7) says it (if_filter). */
  filter?: string;
}

export interface StatisticsOptions {
  /** Whole microseconds since the epoch. */
  at: number;
  /** Packets that the interface received while it was recorded (isb_ifrecv). */
  received?: number;
  /** Packets dropped by the interface (isb_ifdrop). */
  dropped?: number;
  /** Packets that the filter accepted (isb_filteraccept). */
  accepted?: number;
  /** Packets dropped by the operating system (isb_osdrop). */
  osDropped?: number;
  /** Packets delivered to the recorder (isb_usrdeliv). */
  delivered?: number;
  comment?: string;
}

/** What of a frame is written; its interface is said apart. */
export type WrittenFrame = Pick<CapturedFrame, 'seconds' | 'nanoseconds' | 'wireLength' | 'bytes' | 'comment'>;

const unknownLength = 0xffff_ffff;

/** One section in little-endian order, time stamps in nanoseconds. `section` comes first, each `interface` before its packets. */
export class PcapngWriter {
  section({ comment, hardware, os, application }: SectionOptions = {}): Uint8Array {
    return new Block(blockTypes.section)
      .u32(byteOrderMagic)
      .u16(1)
      .u16(0)
      .u32(unknownLength)
      .u32(unknownLength)
      .text(optionCodes.comment, comment)
      .text(optionCodes.sectionHardware, hardware)
      .text(optionCodes.sectionOs, os)
      .text(optionCodes.sectionApplication, application)
      .finish();
  }

  /** Interfaces count from 0 in the order of these calls. */
  interface({ name, description, linkType, snapLength = 0, filter }: InterfaceOptions): Uint8Array {
    return (
      new Block(blockTypes.interface)
        .u16(linkType)
        .u16(0)
        .u32(snapLength)
        .text(optionCodes.interfaceName, name)
        .text(optionCodes.interfaceDescription, description)
        .option(optionCodes.timeResolution, Uint8Array.of(9))
        // A first byte of 0 says that the filter is text for libpcap.
        .text(optionCodes.filter, filter === undefined ? undefined : `\0${filter}`)
        .finish()
    );
  }

  packet(interfaceNumber: number, frame: WrittenFrame): Uint8Array {
    const { high, low } = nanosecondTicks(frame);
    return new Block(blockTypes.enhancedPacket, 32 + padded(frame.bytes.length) + 4 * (frame.comment?.length ?? 0))
      .u32(interfaceNumber)
      .u32(high)
      .u32(low)
      .u32(frame.bytes.length)
      .u32(frame.wireLength)
      .bytes(frame.bytes)
      .text(optionCodes.comment, frame.comment)
      .finish();
  }

  /** Name resolution block: Wireshark shows these names for these addresses. Texts that are no address are left out. */
  names(names: Iterable<readonly [address: string, name: string]>): Uint8Array {
    const block = new Block(blockTypes.names);
    for (const [address, name] of names) {
      const bytes = addressBytes(address);
      if (bytes) block.nameRecord(bytes, name);
    }
    return block.endOfNames().finish();
  }

  statistics(interfaceNumber: number, options: StatisticsOptions): Uint8Array {
    const seconds = Math.floor(options.at / 1_000_000);
    const { high, low } = nanosecondTicks({ seconds, nanoseconds: (options.at - seconds * 1_000_000) * 1000 });
    return new Block(blockTypes.statistics)
      .u32(interfaceNumber)
      .u32(high)
      .u32(low)
      .text(optionCodes.comment, options.comment)
      .count(optionCodes.statisticsReceived, options.received)
      .count(optionCodes.statisticsDropped, options.dropped)
      .count(optionCodes.statisticsAccepted, options.accepted)
      .count(optionCodes.statisticsOsDropped, options.osDropped)
      .count(optionCodes.statisticsDelivered, options.delivered)
      .finish();
  }
}
