// `labctl doctor`: what this machine needs, what is there, and with --fix the mending of it.

import { Option } from '@commander-js/extra-typings';
import { exitCodes } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import type { Session } from './session.ts';

interface DoctorFlags {
  /** JSON is one document: when more is to come, a healthy machine is not worth one. */
  moreToCome?: true;
  fix?: true;
  for?: 'running' | 'tests';
}

export const doctor: Declare = (program, act) => {
  program
    .command('doctor')
    .description('check this machine: engines, networks, disk, kernel; one line each')
    .option('--fix', 'install and start what is missing (Debian and Ubuntu)')
    .addOption(
      new Option('--for <purpose>', 'what it must be fit for')
        .choices(['running', 'tests'] as const)
        .default('running' as const),
    )
    .addHelpText(
      'after',
      examples(
        ['labctl doctor', 'look'],
        ['labctl doctor --fix', 'look and mend'],
        ['labctl doctor --fix --engine docker', 'install and start Docker too'],
      ),
    )
    .action(act(runDoctor));
};

async function runDoctor(session: Session, flags: DoctorFlags): Promise<number> {
  return (await heal(session, flags)) ? exitCodes.met : exitCodes.engine;
}

/** Diagnoses (and mends, where asked); prints a line each. True when nothing that is needed is missing. */
export async function heal(session: Session, flags: DoctorFlags): Promise<boolean> {
  const [{ diagnose, isHealthy }, { doctorText }, { setupProgress }] = await Promise.all([
    import('../setup/doctor.ts'),
    import('../views/lab-tables.ts'),
    import('../views/progress.ts'),
  ]);
  const rows = await diagnose({
    for: flags.for ?? 'running',
    engine: session.globals.engine,
    fix: flags.fix === true,
    on: (event) => session.note(setupProgress(event, session.errorStyle())),
    signal: session.io.signal,
    ...(session.io.stdin.isTTY && session.io.stderr.isTTY ? { ask: (question) => ask(session, question) } : {}),
  });
  const healthy = isHealthy(rows);
  if (session.json) {
    if (!healthy || !flags.moreToCome) session.outJson({ healthy, rows });
  } else session.out(doctorText(rows, session.style()));
  return healthy;
}

/** Yes unless the answer begins with n. */
async function ask(session: Session, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: session.io.stdin, output: session.io.stderr });
  try {
    return !/^n/i.test((await lines.question(`${question} [Y/n] `, { signal: session.io.signal })).trim());
  } finally {
    lines.close();
  }
}
