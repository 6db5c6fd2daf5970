// Gathers everything a doctor looks at, all at once. What it means is said in checks.ts, what to do in mending.ts.

import { type Trial, tryEmbedded } from '../engine/embedded/trial.ts';
import { type Room, roomIn } from './disk.ts';
import { askEngine, type EngineAnswer } from './engine-answer.ts';
import { type KernelAbilities, tryKernel } from './kernel.ts';
import { readSystem, type System } from './system.ts';

export interface Findings {
  node: string;
  system: System;
  engine: EngineAnswer;
  embedded: Trial;
  kernel: KernelAbilities;
  room: Room;
}

/** Where Debian's engine keeps its images. */
const imageFolder = '/var/lib/docker';

/** Looks at this machine; changes nothing. */
export async function examine(environment: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<Findings> {
  const system = readSystem(environment);
  const [engine, embedded, kernel, room] = await Promise.all([
    askEngine(environment, signal),
    tryEmbedded(environment),
    tryKernel(system),
    roomIn(imageFolder),
  ]);
  return { node: process.versions.node, system, engine, embedded, kernel, room };
}
