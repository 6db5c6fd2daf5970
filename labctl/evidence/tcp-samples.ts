// Reads TCP connections as `ss -HOtin` told them again and again: a line `# ASKED ANSWERED` (microseconds), then ss's rows.

import type { TcpSample } from '../model/look.ts';
import type { Micros } from '../model/time.ts';
import { parseEndpoint } from './address-text.ts';

const rowShape = /^[A-Z]\S+\s+\d+\s+\d+\s+(\S+)\s+(\S+)\s+(\S+) (.*)$/;

const numberIn = (fields: string, name: string): number | undefined => {
  const found = new RegExp(`(?:^|\\s)${name}:(\\d+)`).exec(fields)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** `retrans:2/9`: two of nine repetitions are under way now. */
function inFlight(fields: string): number {
  const count = (name: string): number => numberIn(fields, name) ?? 0;
  // As Linux counts packets in flight (tcp_packets_in_flight in include/net/tcp.h).
  return Math.max(0, count('unacked') - count('sacked') - count('lost') + count('retrans'));
}

/** One connection; undefined for one that has no window yet, or a line that is cut off. */
function parseRow(line: string, host: string, at: Micros): TcpSample | undefined {
  const [, localText = '', peerText = '', algorithm = '', fields = ''] = rowShape.exec(line) ?? [];
  const [local, peer] = [parseEndpoint(localText), parseEndpoint(peerText)];
  const [segments, segment] = [numberIn(fields, 'cwnd'), numberIn(fields, 'mss')];
  if (!local || !peer || segments === undefined || segment === undefined) return undefined;
  const peerWindow = numberIn(fields, 'snd_wnd');
  return {
    host,
    at,
    local,
    peer,
    algorithm,
    congestionWindow: segments * segment,
    inFlight: inFlight(fields) * segment,
    ...(peerWindow === undefined ? {} : { peerWindow }),
  };
}

/** In the order of the file. Never throws: what is no row of a connection is passed over. */
export function parseTcpSamples(text: string, host: string): TcpSample[] {
  let at: Micros | undefined;
  return text.split('\n').flatMap((line) => {
    const [, asked, answered] = /^# (\d+) (\d+)$/.exec(line) ?? [];
    if (asked !== undefined) at = Math.round((Number(asked) + Number(answered)) / 2);
    const sample = at === undefined ? undefined : parseRow(line, host, at);
    return sample ? [sample] : [];
  });
}
