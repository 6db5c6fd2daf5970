// Reads many mutated scenario and Compose files; see mutations.ts. Stops a kind of file at its first fault.

import { nothingMore, numberOf } from './arguments.ts';
import { checkMutations, kinds } from './mutations.ts';
import { say } from './say.ts';

/** `[files = 20000] [seed = 1]`; true when each gave a value or complaints with their places. */
export async function mutatedFiles([count = '20000', first = '1', ...rest]: string[]): Promise<boolean> {
  nothingMore(rest);
  const [files, seed] = [numberOf(count, 'files'), numberOf(first, 'seed', 0)];
  const began = performance.now();
  const each = Math.ceil(files / kinds.length);
  const faults = kinds.flatMap((kind) => {
    const fault = checkMutations(kind, seed, each);
    say(`${kind}: ${fault ?? `${each} files, each read, or refused with a place`}`);
    return fault === undefined ? [] : [fault];
  });
  say(`${each * kinds.length} files: ${faults.length} faults, ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return faults.length === 0;
}
