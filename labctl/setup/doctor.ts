// Knows which checks make a machine fit for labctl and in what order they are mended; each check lives in its own file.

import type { DoctorRow, OnSetupEvent } from './rows.ts';

export type { DoctorRow, DoctorState, OnSetupEvent, SetupEvent } from './rows.ts';
export { isHealthy } from './rows.ts';

export interface DiagnoseOptions {
  /** `tests` also wants the programs that tests compare with. */
  for: 'running' | 'tests';
  /** Installs and starts what is missing, where this system is known. */
  fix: boolean;
  /** Asks a yes-or-no question on a terminal; leave out where there is none, then mending goes on unasked. */
  ask?: (question: string) => Promise<boolean>;
  on?: OnSetupEvent;
  signal?: AbortSignal;
}

/** Looks at this machine, mends what it may, and gives one row per thing looked at. Never throws for a sick machine. */
export async function diagnose(options: DiagnoseOptions): Promise<DoctorRow[]> {
  options.signal?.throwIfAborted();
  return [];
}
