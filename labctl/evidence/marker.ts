// The frame that ends a recording: sent on each interface, awaited in its capture, left out of what is kept.

import { linkTypes } from './capture-frame.ts';

/** IEEE 802 local experimental EtherType 1: no protocol stack answers it. */
export const markerEtherType = 0x88b5;
/** The payload starts with this word, directly followed by the run's nonce. */
export const markerWord = 'labctl-end';

/** Whether these are the bytes of a marker frame; with a nonce, of that recording's. Give nonces of one run the same length. */
export function isMarker(bytes: Uint8Array, linkType: number, nonce = ''): boolean {
  if (linkType !== linkTypes.ethernet) return false;
  if (bytes[12] !== markerEtherType >> 8 || bytes[13] !== (markerEtherType & 0xff)) return false;
  const wanted = markerWord + nonce;
  if (bytes.length < 14 + wanted.length) return false;
  for (let i = 0; i < wanted.length; i += 1) if (bytes[14 + i] !== wanted.charCodeAt(i)) return false;
  return true;
}

/** A marker frame for Ethernet or loopback, padded to Ethernet's 60 bytes; zero addresses go nowhere. */
export function markerFrame(nonce: string): Uint8Array {
  const payload = new TextEncoder().encode(markerWord + nonce);
  const frame = new Uint8Array(Math.max(60, 14 + payload.length));
  frame.set([markerEtherType >> 8, markerEtherType & 0xff], 12);
  frame.set(payload, 14);
  return frame;
}
