// Looks at this machine, mends it where that was asked for and allowed, and looks again. The steps are other files'.

import type { EngineName } from '../engine/choose.ts';
import { type Advice, rowsOf } from './checks.ts';
import { commandName } from './command-name.ts';
import { examine } from './findings.ts';
import { asRoot, runHostProgram } from './host-program.ts';
import { mend } from './mend.ts';
import { type Mending, mendingText, nothingToMend, planMending } from './mending.ts';
import type { Purpose } from './need.ts';
import { type DoctorRow, markMended, type OnSetupEvent } from './rows.ts';
import type { System } from './system.ts';

export interface DiagnoseOptions {
  /** `tests` also wants the programs that tests compare with. */
  for: Purpose;
  /** The engine asked for; see needOf. */
  engine?: EngineName | undefined;
  /** Installs and starts what is missing, on Debian and its kin. */
  fix: boolean;
  /** Where the engine is looked for (DOCKER_HOST) and programs are found (PATH). */
  env?: NodeJS.ProcessEnv;
  /** Asks a yes-or-no question on a terminal. Left out where there is none: mending goes on, and sudo may not ask either. */
  ask?: (question: string) => Promise<boolean>;
  on?: OnSetupEvent;
  signal?: AbortSignal;
}

/** Gives one row per thing looked at. Throws for an aborted signal, not for a sick machine. */
export async function diagnose(options: DiagnoseOptions): Promise<DoctorRow[]> {
  const environment = options.env ?? process.env;
  const wish = { purpose: options.for, engine: options.engine };
  const advice: Advice = { ...wish, labctl: commandName(environment) };
  const found = await examine(environment, options.signal);
  const before = rowsOf(found, advice);
  const mending = planMending(found.system, found.engine, found.embedded, wish);
  if (!options.fix || nothingToMend(mending) || !(await isAllowed(mending, found.system, options))) return before;
  await mend(mending, {
    environment,
    as: asRoot(found.system.root, options.ask !== undefined),
    on: options.on ?? (() => {}),
    signal: options.signal,
  });
  options.signal?.throwIfAborted();
  return markMended(before, rowsOf(await examine(environment, options.signal), advice));
}

/** On a terminal somebody has to agree; elsewhere labctl goes on. Either way it must be able to become root. */
async function isAllowed(mending: Mending, system: System, { ask, on }: DiagnoseOptions): Promise<boolean> {
  const refused = (how: string): false => {
    on?.({ kind: 'line', phase: 'permission', line: `to ${mendingText(mending)}, run this again ${how}` });
    return false;
  };
  if (!system.root && !system.has('sudo')) return refused('as root (there is no sudo here)');
  if (ask && !(await ask(`labctl will ${mendingText(mending)}. Go on?`))) return false;
  if (system.root) return true;
  const { exitCode } = await runHostProgram([...asRoot(false, ask !== undefined), 'true']);
  return (
    exitCode === 0 || refused(ask ? 'when sudo lets you' : 'from a terminal, where sudo can ask for your password')
  );
}

export { isHealthy } from './rows.ts';
