// How full a connection was over time, as curves: bytes in flight, the congestion window, and the room the peer announced.

import { sameEndpoint } from '../model/endpoint.ts';
import type { TcpSample } from '../model/look.ts';
import type { Conversation, Report } from '../model/report.ts';
import { ladderZero } from './ladder-rows.ts';

/** One measure, in microseconds since the ladder's zero and in bytes. */
export interface GrowthPoint {
  at: number;
  inFlight: number;
  congestionWindow: number;
  peerWindow?: number;
}

export interface Growth {
  /** 1-based. */
  conversation: number;
  host: string;
  program?: string;
  algorithm: string;
  /** At least two, in order of time. */
  points: GrowthPoint[];
  /** The largest congestion window or number of bytes in flight. */
  most: number;
}

type End = Conversation['initiator'];

const isBetween = ({ host, local, peer }: TcpSample, own: End, other: End): boolean =>
  host === own.host && sameEndpoint(local, own.endpoint) && sameEndpoint(peer, other.endpoint);

function growthOf(report: Report, index: number, own: End, other: End): Growth[] {
  const zero = ladderZero(report);
  const mine = report.samples.filter((sample) => isBetween(sample, own, other));
  const [first] = mine;
  // Whoever only receives has no more than a handful of bytes under way.
  if (first === undefined || mine.length < 2 || mine.every(({ inFlight }) => inFlight === 0)) return [];
  const points = mine.map(({ at, inFlight, congestionWindow, peerWindow }) => ({
    at: at - zero,
    inFlight,
    congestionWindow,
    ...(peerWindow === undefined ? {} : { peerWindow }),
  }));
  const most = Math.max(...points.flatMap(({ inFlight, congestionWindow }) => [inFlight, congestionWindow]));
  return [{ conversation: index + 1, host: own.host, program: own.program, algorithm: first.algorithm, points, most }];
}

/** One for each end of a conversation that was measured and had bytes in flight. */
export const growthsOf = (report: Report): Growth[] =>
  report.samples.length === 0
    ? []
    : report.conversations.flatMap(({ index, initiator, responder }) => [
        ...growthOf(report, index, initiator, responder),
        ...growthOf(report, index, responder, initiator),
      ]);

/** The most bytes in flight, and the largest congestion window, as text. */
export function mostOf({ points }: Growth): [string, string] {
  const largest = (key: 'inFlight' | 'congestionWindow'): string =>
    bytesText(Math.max(...points.map((point) => point[key])));
  return [largest('inFlight'), largest('congestionWindow')];
}

/** A sentence about the room that the peer announced, where ss tells it. */
export function peerWindowOf({ points }: Growth, sentence: (from: string, until: string) => string): string[] {
  const windows = points.flatMap(({ peerWindow }) => peerWindow ?? []);
  if (windows.length === 0) return [];
  return [sentence(bytesText(windows[0] ?? 0), bytesText(Math.max(...windows)))];
}

/** The end of the axis: the next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten. */
export function axisEnd(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((each) => each * power >= most) ?? 10;
  return Math.round(step * power);
}

/** `480 B`, `14.5 kB`, `120 kB`. */
export const bytesText = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : `${bytes < 99_950 ? Number((bytes / 1000).toFixed(1)) : Math.round(bytes / 1000)} kB`;
