// What a host is made of, and the hash by which a later `up` knows whether it still is.

import { createHash } from 'node:crypto';
import type { HostSpec } from '../../model/lab.ts';
import { type HostState, limitsOf } from './description.ts';
import type { HostPlace } from './topology.ts';

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

export function hostState(spec: HostSpec, place: HostPlace, imageHash: string): HostState {
  const { hostname, environment, workingDir, image, tunedBy } = spec;
  // Whose run wanted such a host makes it no other one, as on Docker.
  const hash = hashOf([{ ...spec, build: undefined, labels: undefined, tunedBy: undefined }, place, imageHash]);
  return { ...place, hostname, environment, workingDir, image, tunedBy, limits: limitsOf(spec), hash };
}
