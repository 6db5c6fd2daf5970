// What the embedded engine found on this machine, in words: whether labs can be made, and what limits their hosts. Pure.

import { packagesOf } from '../engine/embedded/tools.ts';
import type { Trial } from '../engine/embedded/trial.ts';
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

/** What holds for a host as a whole; what only rlimits hold (setrlimit(2)) is said, because programs share it badly. */
function limits({ controllers }: Extract<Trial, { kind: 'works' }>): DoctorRow {
  const has = (controller: string): boolean => controllers.includes(controller);
  const whole = [
    'processes',
    ...(has('memory') ? ['memory'] : []),
    ...(has('cpu') ? ['processor share'] : []),
    'files in memory',
  ];
  const each = [
    ...(has('memory') ? [] : ['memory']),
    ...(has('cpu') ? [] : ['processor time (10 minutes)']),
    'file size',
  ];
  const detail = `of each host: ${whole.join(', ')}; of each process: ${each.join(', ')}`;
  if (has('memory') && has('cpu')) return ok('limits', detail);
  return later('limits', detail, 'for whole hosts: control groups version 2 under systemd (or root), or use Docker');
}
