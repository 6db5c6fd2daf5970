// Which processes belong to a program of the scenario: what it started as, and everything it forked.

import type { Findings } from './evidence.ts';

/** Process ids of a program on a host, as its own calls and the recorder told them. */
export function pidsOf(program: string, host: string, { calls, events, processEvents }: Findings): Set<number> {
  const pids = new Set<number>();
  for (const call of [...calls, ...processEvents])
    if (call.program === program && call.host === host) pids.add(call.pid);
  for (const event of events)
    if (event.kind === 'program-started' && event.program === program && event.host === host && event.pid !== undefined)
      pids.add(event.pid);
  return pids;
}

/** Linux keeps 15 bytes of a command's name (proc(5), comm). */
export const isNamed = (name: string, program: string): boolean => name === program || name === program.slice(0, 15);
