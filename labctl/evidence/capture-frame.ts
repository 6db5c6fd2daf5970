// What a capture file holds once it is read: frames, the interfaces they came from, and where a damaged file broke off.

/** Link types of the pcap registry (https://www.tcpdump.org/linktypes.html) that the decoder understands. */
export const linkTypes = {
  null: 0,
  ethernet: 1,
  bsdRaw: 12,
  openBsdRaw: 14,
  raw: 101,
  loop: 108,
  linuxSll: 113,
  perPacket: 192,
  ipv4: 228,
  ipv6: 229,
  linuxSll2: 276,
} as const;

/** In place of a link type: a record of the file that Wireshark counts as a frame, and that no network carried. */
export const noLink = -1;

/** An interface as a capture file describes it. A classic pcap file has exactly one, without a name. */
export interface CaptureInterface {
  linkType: number;
  /** 0: no limit. */
  snapLength: number;
  name?: string;
  description?: string;
  /** Ticks in a second of this interface's time stamps. */
  ticksPerSecond: number;
  /** Bytes of a frame check sequence at the end of every frame, where the file tells so (if_fcslen). */
  checkLength?: number;
  /** Seconds to add to every time stamp (if_tsoffset). */
  offsetSeconds?: number;
  /** Packets lost, where an interface statistics block says so. */
  received?: number;
  dropped?: number;
}

/** One captured frame. Epoch nanoseconds do not fit a double, so the time is two whole numbers. */
export interface CapturedFrame {
  /** Index into the parser's `interfaces`; counts on over several sections of one file. */
  interface: number;
  linkType: number;
  seconds: number;
  nanoseconds: number;
  /** Bytes that were on the wire; `bytes` may be fewer. */
  wireLength: number;
  /** A view into the chunk that was pushed (or a joined copy): stays valid as long as nobody rewrites that chunk. */
  bytes: Uint8Array;
  comment?: string;
}

/** Why a capture could not be read to its end. Every frame before `at` was delivered. */
export interface Damage {
  /** Byte offset in the file at which the unreadable record starts. */
  at: number;
  why: string;
  /** Bytes that the last record promises and the file lacks, for a file that was cut off. */
  missing?: number;
}
