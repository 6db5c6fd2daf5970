// Reads many damaged capture files, each made from its seed, and watches time and memory meanwhile.

import { checkDamaged } from '../truth/damaged.ts';
import { nothingMore, numberOf } from './arguments.ts';

const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);
/** What labctl itself takes, and room for garbage that was not collected yet. */
const mostMegabytes = 400;

/** `[files = 100000] [first seed = 1]`; true when every file gave rows or a complaint, and memory did not grow. */
export async function damagedCaptures([count = '100000', seedText = '1', ...rest]: string[]): Promise<boolean> {
  nothingMore(rest);
  const [files, first] = [numberOf(count, 'files'), numberOf(seedText, 'first seed', 0)];
  let faults = 0;
  let most = 0;
  const began = performance.now();
  for (let seed = first; seed < first + files; seed += 1) {
    const found = await checkDamaged(seed);
    if (found) {
      faults += 1;
      process.stdout.write(`seed ${seed}: ${found}\n`);
    }
    if (seed % 1000 === 0) most = Math.max(most, megabytes());
    if (seed % 10_000 === 0) process.stdout.write(`${seed} files, ${faults} faults, ${megabytes()} MB\n`);
  }
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${files} files: ${faults} faults, at most ${most} MB, ${seconds.toFixed(0)} s\n`);
  return faults === 0 && most < mostMegabytes;
}
