// Runs one endurance script by name: `npm run torture -- in-a-row 200`. Prints what came out; exits 1 if anything failed.

import { Refused } from './arguments.ts';

const scripts: Record<string, () => Promise<(argv: string[]) => Promise<boolean>>> = {
  'in-a-row': async () => (await import('./in-a-row.ts')).inARow,
  'every-scenario': async () => (await import('./every-scenario.ts')).everyScenario,
  crowd: async () => (await import('./crowd.ts')).crowd,
  engines: async () => (await import('./engines.ts')).engines,
  'random-loss': async () => (await import('./random-loss.ts')).randomLoss,
  'full-speed': async () => (await import('./full-speed.ts')).fullSpeed,
  hostile: async () => (await import('./hostile.ts')).hostile,
  'bad-luck': async () => (await import('./bad-luck.ts')).badLuck,
  kernel: async () => (await import('./kernel.ts')).otherKernel,
  clock: async () => (await import('./clock.ts')).clock,
  'two-at-once': async () => (await import('./two-at-once.ts')).twoAtOnce,
  kills: async () => (await import('./kills.ts')).kills,
  'mutated-files': async () => (await import('./mutated-files.ts')).mutatedFiles,
  'large-captures': async () => (await import('./large-captures.ts')).largeCaptures,
  'damaged-captures': async () => (await import('./damaged-captures.ts')).damagedCaptures,
};

const [name = '', ...argv] = process.argv.slice(2);
const script = scripts[name];
if (!script) {
  process.stderr.write(`there is no script "${name}"; there are ${Object.keys(scripts).join(', ')}\n`);
  process.exit(2);
}
try {
  process.exitCode = (await (await script())(argv)) ? 0 : 1;
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException;
  if (!(error instanceof Refused) && !code?.startsWith('ERR_PARSE_ARGS')) throw error;
  process.stderr.write(`${name}: ${message}\n`);
  process.exitCode = 2;
}
