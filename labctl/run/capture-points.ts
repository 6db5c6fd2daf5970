// Which interfaces of which hosts are captured: as the user names them, and as they are found.

import type { Engine, RunningLab } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import type { Recording } from './recording.ts';
import { hostRecord, pointDescription } from './topology.ts';

export interface CapturePlace {
  host: string;
  /** All but the loopback when empty. */
  interfaces: string[];
  /** Instead of its interface on this network; `loopback` is one too. */
  network?: string;
}

/** One interface of the stream. */
export interface CapturePoint {
  host: string;
  interface: string;
  /** `client1/eth0`. */
  name: string;
  /** For whoever reads the capture: the network and the address. */
  description: string;
}

/**
 * Reads `server,client1/eth0,client1/lo`: each host once, in the order in which it is named; a host named alone has all
 * of its interfaces. Throws LabError `usage` for an empty name.
 */
export function parsePlaces(text: string): CapturePlace[] {
  const places = new Map<string, Set<string> | undefined>();
  for (const word of text.split(',').map((one) => one.trim())) {
    const [, host, name] = /^([^/]+)(?:\/([^/]+))?$/.exec(word) ?? [];
    if (host === undefined)
      throw new LabError('usage', `"${word}" names no host`, { hint: 'e.g. server,client1 or server/eth0' });
    const before = places.has(host) ? places.get(host) : new Set<string>();
    places.set(host, name === undefined ? undefined : before?.add(name));
  }
  return [...places].map(([host, names]) => ({ host, interfaces: [...(names ?? [])] }));
}

/** What the recorders capture, with words for whoever reads the stream. */
export const capturePoints = (lab: RunningLab, recordings: readonly Recording[]): CapturePoint[] =>
  recordings.flatMap(({ host, hello }) =>
    hostRecord(host, hello, lab).interfaces.map((one) => ({
      ...{ host, interface: one.name, name: `${host}/${one.name}` },
      description: pointDescription(host, one),
    })),
  );

/** The same places with the names of their interfaces. Throws LabError `usage` for one that its host does not have. */
export const foundPlaces = (
  engine: Engine,
  lab: RunningLab,
  places: readonly CapturePlace[],
): Promise<CapturePlace[]> => Promise.all(places.map((place) => foundPlace(engine, lab, place)));

async function foundPlace(engine: Engine, lab: RunningLab, place: CapturePlace): Promise<CapturePlace> {
  const { host, network } = place;
  if (network === 'loopback') return { host, interfaces: ['lo'] };
  if (network === undefined && place.interfaces.every((name) => name === 'lo')) return place;
  const there = await (await engine.host(lab.name, host)).interfaces();
  const onNetwork = there.filter((one) => one.network === network).map(({ name }) => name);
  const interfaces = network === undefined ? place.interfaces : onNetwork;
  const names = there.map(({ name }) => name);
  const missing = interfaces.length === 0 ? network : interfaces.find((name) => name !== 'lo' && !names.includes(name));
  if (missing === undefined) return { host, interfaces };
  throw new LabError('usage', `the host "${host}" has no interface "${missing}"`, {
    hint: `it has ${[...names, 'lo'].join(', ')}`,
  });
}
