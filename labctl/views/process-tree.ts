// The processes of a look as the tree that htop would show: the lab's programs, without what records them.

import type { ProcessRow } from '../model/look.ts';

/** The user that programs run as. */
const programsUser = 1000;
const recorders = new Set(['strace', 'tcpdump', 'sleep', 'ss', 'ps', 'nstat', 'setpriv']);

export interface ProcessLeaf {
  process: ProcessRow;
  /** For each ancestor that is drawn and for itself: is it the last of its siblings? Empty for roots. */
  last: boolean[];
}

/** True for what a student started; zombies have lost everything but their user. The first process is the host itself,
 * which on the embedded engine belongs to the programs' user too. */
export const isProgram = ({ pid, uid, name }: ProcessRow): boolean =>
  pid !== 1 && uid === programsUser && !recorders.has(name);

/** The lab's programs in the order of their tree, parents before children. */
export function processTree(rows: readonly ProcessRow[]): ProcessLeaf[] {
  const programs = rows.filter(isProgram).sort((a, b) => a.pid - b.pid);
  const pids = new Set(programs.map(({ pid }) => pid));
  const below = (parent: number, last: boolean[]): ProcessLeaf[] => {
    const children = programs.filter(({ ppid }) => ppid === parent);
    return children.flatMap((process, index) => {
      const here = [...last, index === children.length - 1];
      return [{ process, last: here }, ...below(process.pid, here)];
    });
  };
  const roots = programs.filter(({ ppid, pid }) => !pids.has(ppid) || ppid === pid);
  return roots.flatMap((process) => [{ process, last: [] }, ...below(process.pid, [])]);
}
