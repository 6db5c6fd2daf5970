// What the embedded engine found on this machine, in words: whether labs can be made, and what limits their hosts. Pure.

import { packagesOf } from '../engine/embedded/tools.ts';
import type { Findings } from './findings.ts';
import { limitsRow } from './limits-row.ts';
import { type DoctorRow, ok, toDo } from './rows.ts';
import { isDebianLike } from './system.ts';

const what = 'embedded engine';
const wholeHosts = 'for whole hosts: control groups version 2 under systemd (or root), or use Docker';

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
      return [
        ok(what, `makes labs here, with bubblewrap ${embedded.bubblewrap}`),
        limitsRow('limits', embedded.limits, wholeHosts),
      ];
  }
}
