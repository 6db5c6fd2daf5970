// What the embedded engine found on this machine, in words: whether labs can be made, and what limits their hosts. Pure.

import { packagesOf } from '../engine/embedded/tools.ts';
import type { Trial } from '../engine/embedded/trial.ts';
import type { Hold, Holds } from '../engine/engine.ts';
import type { Findings } from './findings.ts';
import { type DoctorRow, later, ok, toDo } from './rows.ts';
import { isDebianLike } from './system.ts';

const what = 'embedded engine';

export function embeddedRows({ embedded, system }: Findings, { labctl }: { labctl: string }): DoctorRow[] {
  switch (embedded.kind) {
    case 'elsewhere':
      return [ok(what, 'only on Linux; Docker is the engine here')];
    case 'missing': {
      const packages = packagesOf(embedded.tools).join(' ');
      const todo = isDebianLike(system.os)
        ? `${labctl} doctor --fix --engine embedded`
        : `install what has them (Debian's names: ${packages})`;
      return [toDo(what, `misses ${embedded.tools.map(({ program }) => program).join(', ')}`, todo)];
    }
    case 'refused':
      return [toDo(what, embedded.why, embedded.hint ?? `${labctl} doctor --fix --engine docker`)];
    case 'works':
      return [ok(what, `makes labs here, with bubblewrap ${embedded.bubblewrap}`), limits(embedded)];
  }
}

const names: Record<keyof Holds, Partial<Record<Hold, string>>> = {
  processes: { host: 'processes' },
  memory: { host: 'memory', process: 'memory' },
  processor: { host: 'processor share', process: 'processor time (10 minutes)' },
  files: { host: 'files' },
};

/** Programs that fork share what only each process is limited in: that is no limit for a host. */
function limits({ limits: holds }: Extract<Trial, { kind: 'works' }>): DoctorRow {
  const held = (by: Hold): string =>
    (Object.keys(names) as (keyof Holds)[])
      .filter((name) => holds[name] === by)
      .map((name) => names[name][by])
      .join(', ');
  if (held('process') === '') return ok('limits', `of each host: ${held('host')}`);
  const detail = `of each host: ${held('host')}; only of each process: ${held('process')}`;
  return later('limits', detail, 'for whole hosts: control groups version 2 under systemd (or root), or use Docker');
}
