// Headers over IP: TCP with its options, UDP, ICMP.

import { decimal, type Header, hex, type Next } from './header.ts';

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const flagsText = (bits: number): string => flagNames.filter((_, bit) => bits & (1 << bit)).join(', ') || '-';

/** Kinds of RFC 9293, section 3.1, RFC 7323, RFC 2018, RFC 8684 and RFC 7413. */
function optionText(kind: number, body: number[]): string {
  const number = (from: number, length: number): number =>
    body.slice(from, from + length).reduce((sum, byte) => sum * 256 + byte, 0);
  if (kind === 2) return `MSS ${number(0, 2)}`;
  if (kind === 3) return `window scale ×${2 ** Math.min(14, number(0, 1))}`;
  if (kind === 4) return 'SACK permitted';
  if (kind === 5)
    return `SACK ${Array.from({ length: Math.floor(body.length / 8) }, (_, index) => `${number(index * 8, 4)}–${number(index * 8 + 4, 4)}`).join(', ')}`;
  if (kind === 8) return `timestamps ${number(0, 4)}, echo ${number(4, 4)}`;
  if (kind === 30) return 'MPTCP';
  if (kind === 34) return 'fast open';
  return `option ${kind}`;
}

function optionsText(_value: number, bytes: number[]): string {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [kind = 0, length = 0] = [bytes[at], bytes[at + 1]];
    if (kind === 0) break;
    if (kind === 1) at += 1;
    else if (length < 2) return [...found, '?'].join(', ');
    else {
      found.push(optionText(kind, bytes.slice(at + 2, at + length)));
      at += length;
    }
  }
  return found.join(', ') || 'NOP';
}

/** RFC 9293, section 3.1. */
export function tcp(header: Header): Next {
  header.take('sourcePort', 2, decimal);
  header.take('destinationPort', 2, decimal);
  header.take('seq', 4, decimal);
  header.take('ack', 4, decimal);
  const offset = header.take('headerLength', 1, (value) => String((value >> 4) * 4));
  header.take('flags', 1, flagsText);
  header.take('window', 2, decimal);
  header.take('checksum', 2, (value) => hex(value, 4));
  header.take('urgent', 2, decimal);
  const options = (offset >> 4) * 4 - 20;
  if (options > 0) header.take('options', options, optionsText);
  return undefined;
}

/** RFC 768. */
export function udp(header: Header): Next {
  header.take('sourcePort', 2, decimal);
  header.take('destinationPort', 2, decimal);
  header.take('length', 2, decimal);
  header.take('checksum', 2, (value) => hex(value, 4));
  return undefined;
}

/** RFC 792 and RFC 4443: the part that all types have. */
export function icmp(header: Header): Next {
  header.take('type', 1, decimal);
  header.take('code', 1, decimal);
  header.take('checksum', 2, (value) => hex(value, 4));
  return undefined;
}
