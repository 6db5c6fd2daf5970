// Which engines this machine must be fit for: the one asked for; for tests both; else Docker where it answers, else the
// embedded one.

import type { EngineName } from '../engine/choose.ts';
import type { EngineAnswer } from './engine-answer.ts';
import type { System } from './system.ts';

export type Purpose = 'running' | 'tests';

export interface Wish {
  purpose: Purpose;
  engine?: EngineName | undefined;
}

export type Need = Record<EngineName, boolean>;

export function needOf({ purpose, engine }: Wish, docker: EngineAnswer, { platform }: System): Need {
  if (purpose === 'tests') return { docker: true, embedded: true };
  const only = engine ?? (docker.kind === 'answers' || !docker.usual || platform !== 'linux' ? 'docker' : 'embedded');
  return { docker: only === 'docker', embedded: only === 'embedded' };
}
