// Writes pcapng blocks (draft-ietf-opsawg-pcapng) as byte arrays; where they go is the caller's business.

import type { CapturedFrame } from './capture-frame.ts';

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
  snapLength?: number;
}

export interface StatisticsOptions {
  /** Nanosecond-free: whole microseconds since the epoch. */
  at: number;
  /** Packets that the kernel received from the interface (isb_ifrecv). */
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

/** One section, time stamps in nanoseconds. Call `section` first, every `interface` before its packets. */
export class PcapngWriter {
  section(_options: SectionOptions = {}): Uint8Array {
    throw new Error('not yet');
  }

  /** Interfaces count from 0 in the order of these calls. */
  interface(_options: InterfaceOptions): Uint8Array {
    throw new Error('not yet');
  }

  packet(
    _interface: number,
    _frame: Pick<CapturedFrame, 'seconds' | 'nanoseconds' | 'wireLength' | 'bytes' | 'comment'>,
  ): Uint8Array {
    throw new Error('not yet');
  }

  /** Name resolution block: Wireshark shows these names for these addresses. */
  names(_names: Iterable<readonly [address: string, name: string]>): Uint8Array {
    throw new Error('not yet');
  }

  statistics(_interface: number, _options: StatisticsOptions): Uint8Array {
    throw new Error('not yet');
  }
}
