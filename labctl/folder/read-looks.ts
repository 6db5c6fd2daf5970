// Reads the tables of a run's looks back, and when each was taken.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCounters } from '../evidence/nstat.ts';
import { parseProcesses } from '../evidence/ps.ts';
import { parseSockets } from '../evidence/ss.ts';
import type { Look } from '../model/look.ts';
import type { RunEvent } from '../model/run.ts';
import { files, type LookTool } from './names.ts';
import type { OnNote } from './read-run.ts';

const shows = { ss: 'sockets', ps: 'processes', nstat: 'counters' } as const;

/** Looks in the order in which they were taken; the events know which there were, the n-th of them has number n. */
export async function readLooks(folder: string, events: readonly RunEvent[], onNote: OnNote): Promise<Look[]> {
  const taken = events.filter((event) => event.kind === 'look');
  return Promise.all(
    taken.map(async ({ name, host, at }, index) => {
      const missing: NonNullable<Look['missing']> = [];
      const table = async <T>(tool: LookTool, parse: (text: string) => T, nothing: T): Promise<T> => {
        const file = files.look(index + 1, name, host, tool);
        try {
          return parse(await readFile(join(folder, file), 'utf8'));
        } catch (error) {
          onNote({ file, why: (error as Error).message });
          missing.push(shows[tool]);
          return nothing;
        }
      };
      const look = {
        ...{ name, host, at },
        sockets: await table('ss', parseSockets, []),
        processes: await table('ps', parseProcesses, []),
        counters: await table('nstat', parseCounters, {}),
      };
      return missing.length === 0 ? look : { ...look, missing };
    }),
  );
}
