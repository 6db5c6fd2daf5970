// Asks whether a Docker Engine answers, and when none does, which of the known reasons it is.

import { connect } from '../engine/docker/api.ts';
import { connectionText, findConnection } from '../engine/docker/connection.ts';
import { limitsOf } from '../engine/docker/limits.ts';
import { takenSubnets } from '../engine/docker/networks.ts';
import { listNetworks } from '../engine/docker/state.ts';
import type { VersionDetails } from '../engine/docker/wire.ts';
import type { Holds } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import type { TakenSubnet } from '../plan/subnets.ts';

export type EngineAnswer = {
  /** Where it was asked, as DOCKER_HOST would name it. */
  place: string;
  /** False when the user points somewhere else than at this machine's usual socket: then nothing is started here. */
  usual: boolean;
} & (
  | { kind: 'answers'; version: string; api: string; podman: boolean; limits: Holds; taken: TakenSubnet[] }
  | { kind: 'absent' | 'no-permission' }
  | { kind: 'unusable'; why: string; hint: string | undefined }
);

/** Never throws but for an aborted signal: a machine without an engine is an answer too. */
export async function askEngine(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<EngineAnswer> {
  const usual = !environment.DOCKER_HOST && !environment.DOCKER_CONTEXT;
  let place = environment.DOCKER_HOST ?? '';
  try {
    const connection = findConnection(environment);
    place = connectionText(connection);
    const api = await connect(connection);
    const [version, networks, limits] = await Promise.all([
      api.call<VersionDetails>('GET', '/version', { signal }),
      listNetworks(api, signal),
      limitsOf(api),
    ]);
    const engine = { version: version.Version, api: api.version, podman: api.podman, limits };
    return { place, usual, kind: 'answers', ...engine, taken: takenSubnets(networks) };
  } catch (error) {
    signal?.throwIfAborted();
    return { place, usual, ...reasonOf(error) };
  }
}

const absent = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT']);
const noPermission = new Set(['EACCES', 'EPERM']);

function reasonOf(error: unknown) {
  const { message, hint, cause } = error instanceof LabError ? error : { ...none, message: String(error) };
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (absent.has(code)) return { kind: 'absent' as const };
  if (noPermission.has(code)) return { kind: 'no-permission' as const };
  return { kind: 'unusable' as const, why: message, hint };
}

const none = { hint: undefined, cause: undefined };
