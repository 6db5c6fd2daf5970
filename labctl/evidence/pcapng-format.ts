// The numbers of pcapng (draft-ietf-opsawg-pcapng): block types and option codes, shared by reader and writer.

export const blockTypes = {
  section: 0x0a0d0d0a,
  interface: 1,
  /** Obsolete, still found in old files. */
  packet: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  enhancedPacket: 6,
  journal: 9,
  sysdigEvent: 0x204,
  sysdigEvent2: 0x216,
  sysdigEvent2Large: 0x221,
  custom: 0xbad,
  customNoCopy: 0x4000_0bad,
} as const;

export const byteOrderMagic = 0x1a2b3c4d;

export const optionCodes = {
  end: 0,
  comment: 1,
  sectionHardware: 2,
  sectionOs: 3,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  timeResolution: 9,
  filter: 11,
  checkLength: 13,
  timeOffset: 14,
  statisticsReceived: 4,
  statisticsDropped: 5,
  statisticsAccepted: 6,
  statisticsOsDropped: 7,
  statisticsDelivered: 8,
} as const;

export const nameRecords = { end: 0, ipv4: 1, ipv6: 2 } as const;

/** Everything in pcapng is padded to four bytes. */
export const padded = (length: number): number => Math.ceil(length / 4) * 4;
