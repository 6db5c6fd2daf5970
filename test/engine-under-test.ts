// Which engine the suite in both/ runs on this time (vitest.config.ts says), and names for labs that nobody else uses.

import { inject } from 'vitest';
import { type EngineName, openEngines } from '../labctl/engine/choose.ts';
import type { Engine } from '../labctl/engine/engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    engine?: EngineName;
  }
}

/** Undefined in tests that are about one engine only, or about none. */
export const engineUnderTest = inject('engine');

/** The engine under test, or the one given. */
export const openEngine = async (name = engineUnderTest): Promise<Engine> => (await openEngines(process.env, name))[0];

/** For what the engines differ in, as the README's table lists it. */
export const byEngine = <Value>(values: Record<EngineName, Value>): Value => values[engineUnderTest ?? 'docker'];

/** Different for each engine, each run of the tests and each purpose: checkouts beside this one do not collide. */
export const labName = (purpose: string): string => `t-${purpose}-${engineUnderTest?.slice(0, 1) ?? 'x'}${process.pid}`;
