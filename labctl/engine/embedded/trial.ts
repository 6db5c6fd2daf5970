// Tries whether labs can be made here: makes one of a single host, looks, and ends it.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { HostSpec, Lab } from '../../model/lab.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Holds } from '../engine.ts';
import { ask, labFolder } from './ask.ts';
import { holdsOf, type KeeperState } from './description.ts';
import { endKeeper } from './keeper.ts';
import { type Places, placesFor } from './places.ts';
import { missingTools, type Tool, toolPath } from './tools.ts';
import { startAlone } from './up.ts';

export type Trial =
  | { kind: 'works'; bubblewrap: string; limits: Holds }
  | { kind: 'missing'; tools: Tool[] }
  | { kind: 'refused'; why: string; hint: string | undefined }
  /** Not on this system, whatever is installed. */
  | { kind: 'elsewhere' };

/** Never throws for a machine that cannot: that is an answer too. */
export async function tryEmbedded(env: NodeJS.ProcessEnv): Promise<Trial> {
  if (process.platform !== 'linux') return { kind: 'elsewhere' };
  const missing = missingTools();
  if (missing.length > 0) return { kind: 'missing', tools: missing };
  try {
    const limits = holdsOf(await controllersOf(placesFor(env, process.getuid?.() ?? 0)));
    return { kind: 'works', bubblewrap: await versionOf('bwrap'), limits };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { kind: 'refused', why: error.message, hint: error.hint };
  }
}

const host: HostSpec = {
  name: 'host',
  image: 'none',
  command: ['sleep', 'infinity'],
  environment: {},
  attachments: [{ network: 'lab', aliases: [] }],
  capDrop: [],
  capAdd: [],
  securityOpt: [],
  init: true,
  readOnly: true,
  tmpfs: {},
  sysctls: {},
  labels: {},
};

async function controllersOf(places: Places): Promise<string[]> {
  const network = { name: 'lab', internal: true, driverOpts: {}, labels: {} };
  const lab: Lab = { name: `.trial-${process.pid}`, file: '/', hosts: [host], networks: [network] };
  try {
    await startAlone(places, lab);
    const state = await ask<KeeperState>(labFolder(places, lab.name), { do: 'state' });
    return state?.controllers ?? [];
  } finally {
    await endKeeper(places, lab.name);
  }
}

/** `0.8.0` of `bubblewrap 0.8.0`. */
const versionOf = async (program: string): Promise<string> =>
  (await promisify(execFile)(program, ['--version'], { env: { PATH: toolPath } })).stdout.trim().replace(/^\D*/, '');
