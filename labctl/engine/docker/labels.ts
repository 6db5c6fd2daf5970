// The labels by which labctl finds its own objects on an engine, and those by which Docker Compose finds them too.

import { dirname } from 'node:path';

export const label = {
  lab: 'labctl.lab',
  host: 'labctl.host',
  /** The host's place in the Compose file, counted from 0. No part of the hash: moving a host changes nothing in it. */
  position: 'labctl.position',
  /** Of a container or network: what it was made from. Differs → made anew. */
  hash: 'labctl.hash',
  /** Of a host that a run had made anew with other sysctls: whose run. No part of the hash. */
  tuned: 'labctl.tuned',
  file: 'labctl.file',
  version: 'labctl.version',
  /** Of an image: what it was built from. Not `labctl.hash`, because containers inherit the labels of their image. */
  image: 'labctl.image',
  /** Of the container that holds the rules of a run's wire: the lab's name. It is no host of the lab. */
  wire: 'labctl.wire',
} as const;

export const compose = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  network: 'com.docker.compose.network',
  number: 'com.docker.compose.container-number',
  oneOff: 'com.docker.compose.oneoff',
  version: 'com.docker.compose.version',
  hash: 'com.docker.compose.config-hash',
  files: 'com.docker.compose.project.config_files',
  folder: 'com.docker.compose.project.working_dir',
} as const;

/** The Compose whose labels and names these are: Debian's. Without a version label it crashes. */
const composeVersion = '1.29.2';

export const containerName = (lab: string, host: string): string => `${lab}_${host}_1`;
export const networkName = (lab: string, network: string): string => `${lab}_${network}`;

export interface Owner {
  lab: string;
  /** Absolute path of the Compose file. */
  file: string;
  /** labctl's own version. */
  version: string;
}

const ownerLabels = ({ lab, file, version }: Owner): Record<string, string> => ({
  [label.lab]: lab,
  [label.file]: file,
  [label.version]: version,
  [compose.project]: lab,
  [compose.version]: composeVersion,
});

export const hostLabels = (owner: Owner, host: string, hash: string, position: number): Record<string, string> => ({
  ...ownerLabels(owner),
  [label.host]: host,
  [label.position]: String(position),
  [label.hash]: hash,
  [compose.service]: host,
  [compose.number]: '1',
  [compose.oneOff]: 'False',
  [compose.hash]: hash,
  [compose.files]: owner.file,
  [compose.folder]: dirname(owner.file),
});

export const networkLabels = (owner: Owner, network: string, hash: string): Record<string, string> => ({
  ...ownerLabels(owner),
  [label.hash]: hash,
  [compose.network]: network,
});
