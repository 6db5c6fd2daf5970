// Which labs run, at a glance: neither engine is opened for it, because somebody waits for the answer with a list to show.

import type { RunningLab } from './engine.ts';

type Environment = Record<string, string | undefined>;

/** The labs of every engine that answers within so many milliseconds. Never throws. */
export async function glanceLabs(env: Environment, patience: number): Promise<RunningLab[]> {
  const [{ labsOnDocker }, { labsEmbedded }] = await Promise.all([
    import('./docker/glance.ts'),
    import('./embedded/find.ts'),
  ]);
  const signal = AbortSignal.timeout(patience);
  const labs = await Promise.all([labsEmbedded(env).catch(() => []), labsOnDocker(env, signal).catch(() => [])]);
  return labs.flat();
}
