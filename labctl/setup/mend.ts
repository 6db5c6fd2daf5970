// Carries out what mending.ts decided: installs, starts, and says how long each took. What can overlap does.

import { installPackages } from './apt.ts';
import { startAsDaemon, startByService } from './dockerd.ts';
import { askEngine } from './engine-answer.ts';
import type { Mending } from './mending.ts';
import type { OnSetupEvent } from './rows.ts';

export interface MendOptions {
  environment: NodeJS.ProcessEnv;
  /** What makes a program run as root: `[]`, `['sudo']`. */
  as: readonly string[];
  on: OnSetupEvent;
  signal?: AbortSignal | undefined;
}

/** Mends; what failed has been told through `on` and shows in the next look at the machine. */
export async function mend({ engine, others, start }: Mending, options: MendOptions): Promise<void> {
  const engineInstalled = await install(engine, options);
  options.signal?.throwIfAborted();
  // dpkg does one thing at a time, but the engine can start while it does the next.
  await Promise.all([start && engineInstalled ? startEngine(start, options) : undefined, install(others, options)]);
}

async function install(packages: readonly string[], options: MendOptions): Promise<boolean> {
  if (packages.length === 0) return true;
  return phase(`install ${packages.join(', ')}`, options.on, async (say) => {
    const { unknown, failure } = await installPackages(packages, { as: options.as, on: atMostEvery(2000, say) });
    const lacks = unknown.length > 0 ? `not in this system's package sources: ${unknown.join(', ')}` : undefined;
    return failure ?? lacks;
  });
}

const startEngine = (how: 'systemd' | 'daemon', { as, environment, on, signal }: MendOptions): Promise<boolean> =>
  phase('start the Docker Engine', on, () => {
    const answers = async () => (await askEngine(environment, signal)).kind !== 'absent';
    const start = how === 'systemd' ? startByService : startAsDaemon;
    return start({ as, answers, ...(signal ? { signal } : {}) });
  });

type Say = (line: string) => void;

/** Tells when a phase begins, why it failed, and after how long it ended. True when it went well. */
async function phase(
  name: string,
  on: OnSetupEvent,
  work: (say: Say) => Promise<string | undefined>,
): Promise<boolean> {
  const began = performance.now();
  const say = (line: string) => on({ kind: 'line', phase: name, line });
  on({ kind: 'phase-began', phase: name });
  const failure = await work(say);
  failure?.split('\n').forEach(say);
  const failed = failure !== undefined;
  on({ kind: 'phase-ended', phase: name, seconds: (performance.now() - began) / 1000, failed });
  return !failed;
}

/** A long install shows that it lives; a log without a terminal stays readable. */
function atMostEvery(milliseconds: number, say: Say): Say {
  let last = performance.now();
  return (line) => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    say(line);
  };
}
