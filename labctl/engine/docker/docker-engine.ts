// The Docker Engine as a labctl engine: puts the parts of this folder behind the Engine interface.

import { packageVersion } from '../../root.ts';
import type { Engine, EngineVersion } from '../engine.ts';
import { type Api, connect } from './api.ts';
import { findConnection } from './connection.ts';
import { openHost } from './docker-host.ts';
import { down } from './down.ts';
import { readState, readStates, runningLab } from './state.ts';
import { up } from './up.ts';
import type { VersionDetails } from './wire.ts';
import { sweepDead } from './wire-helper.ts';

/**
 * Connects to the engine that the environment names (DOCKER_HOST), else to the usual socket.
 * @throws LabError when none answers, when it may not be used, or when it is too old
 */
export async function openDocker(environment: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  return dockerEngine(await connect(findConnection(environment), environment));
}

function dockerEngine(api: Api): Engine {
  return {
    name: 'docker',
    version: () => version(api),
    build: async (lab, work = {}) => (await import('./build.ts')).buildImages(api, lab, work),
    up: (lab, work = {}) => up(api, lab, { lab: lab.name, file: lab.file, version: packageVersion }, work),
    down: (labName, work = {}) => down(api, labName, work),
    list: async () => (await readStates(api)).map(runningLab),
    async find(labName) {
      const [state] = await Promise.all([readState(api, labName), sweepDead(api, labName)]);
      return state.ours ? runningLab(state) : undefined;
    },
    limits: async () => (await import('./limits.ts')).limitsOf(api),
    host: (labName, hostName) => openHost(api, labName, hostName),
    wire: async (labName, hosts) => (await import('./wire-ports.ts')).openWire(api, labName, hosts),
    saveImages: async (lab) => (await import('./archive.ts')).saveImages(api, lab),
    loadImages: async (archive, work = {}) => (await import('./archive.ts')).loadImages(api, archive, work),
  };
}

async function version(api: Api): Promise<EngineVersion> {
  const { Version, KernelVersion } = await api.call<VersionDetails>('GET', '/version');
  return { name: 'Docker', version: Version, api: api.version, kernel: KernelVersion };
}
