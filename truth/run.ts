// Compares labctl with one-pass tshark: `npm run truth`, or a part of it: `generated [FROM TO]`, `mutated [FROM TO]`,
// `wrapped [FROM TO]`, `subflows [FROM TO]`, `talks [FROM TO]`, `packages` (captures of Debian source packages), `runs [SCENARIO …]` (on
// the embedded engine), or files by name. Exits 1 if anything differs.

import { compareFile } from './compare.ts';
import { compareGenerated, compareSubflows, compareTalks } from './generated.ts';
import { comparePackages } from './packages.ts';
import { compareRuns } from './runs.ts';
import { Tally } from './tally.ts';

const [part, ...rest] = process.argv.slice(2);
const [from = 1, to = 200] = rest.map(Number);
let equal = true;

function report(title: string, tally: Tally): void {
  process.stdout.write(`${tally.text(title)}\n`);
  equal &&= tally.isEqual;
}

async function compareFiles(files: readonly string[]): Promise<Tally> {
  const tally = new Tally();
  for (const file of files) tally.add(await compareFile(file));
  return tally;
}

if (part === undefined || part === 'generated') report('generated', await compareGenerated({ from, to }));
if (part === undefined || part === 'mutated') report('mutated', await compareGenerated({ from, to, mutated: 20 }));
if (part === undefined || part === 'wrapped') report('wrapped', await compareGenerated({ from, to, wrapped: 100 }));
if (part === undefined || part === 'subflows') report('subflows', await compareSubflows(from, to, 10));
if (part === undefined || part === 'talks') report('talks', await compareTalks(from, to));
if (part === undefined || part === 'packages') report('packages', await comparePackages());
if (part === undefined || part === 'runs') report('runs', await compareRuns(rest));
if (part !== undefined && !['generated', 'mutated', 'wrapped', 'subflows', 'talks', 'packages', 'runs'].includes(part))
  report('files', await compareFiles(process.argv.slice(2)));
process.exitCode = equal ? 0 : 1;
