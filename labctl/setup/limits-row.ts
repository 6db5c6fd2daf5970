// Which limits hold for a host as a whole, in words: the doctor's row for one engine. Pure.

import type { Hold, Holds } from '../engine/engine.ts';
import { type DoctorRow, later, ok } from './rows.ts';

const names: Record<keyof Holds, Record<Hold, string>> = {
  processes: { host: 'processes', process: 'processes', none: 'processes' },
  memory: { host: 'memory', process: 'memory', none: 'memory' },
  processor: { host: 'processor share', process: 'processor time (10 minutes)', none: 'processor share' },
  files: { host: 'files', process: 'files', none: 'files' },
};

const titles: Record<Hold, string> = {
  host: 'of each host: ',
  process: 'only of each process: ',
  none: 'ignored: ',
};

/** Programs that fork share what only each process is limited in: that is no limit for a host. `todo` where one is none. */
export function limitsRow(what: string, holds: Holds, todo: string): DoctorRow {
  const held = (by: Hold): string => {
    const which = (Object.keys(names) as (keyof Holds)[]).filter((name) => holds[name] === by);
    return which.length === 0 ? '' : titles[by] + which.map((name) => names[name][by]).join(', ');
  };
  const detail = (['host', 'process', 'none'] as const).map(held).filter(Boolean).join('; ');
  return held('process') + held('none') === '' ? ok(what, detail) : later(what, detail, todo);
}
