// The orderly end of a scenario's programs, and the moment when the wire is quiet.

import type { ProcSocket } from '../evidence/proc-net.ts';
import type { Changes } from './changes.ts';
import type { Program } from './program.ts';
import type { Recording } from './recording.ts';

/** A client that is told the end of its input closes its connection by itself; this is how long it may take. */
const inputGrace = 500;
const signalGrace = 1000;
const killGrace = 2000;
const quietDeadline = 2000;
const logDeadline = 1000;

/** Programs that are stopped could not end; those of a host whose recorder is gone go on by themselves. */
export async function resumeAll(recordings: Iterable<Recording>): Promise<void> {
  for (const recording of recordings) if (recording.paused) await recording.resume().catch(() => undefined);
}

/** Ends what still runs, the youngest first: clients close before their server does. */
export async function endPrograms(programs: Iterable<Program>, changes: Changes): Promise<void> {
  const running = [...programs].filter(({ ended }) => !ended).reverse();
  for (const program of running) await endProgram(program, changes);
}

async function endProgram(program: Program, changes: Changes): Promise<void> {
  const ended = (ms: number) => changes.until(() => program.ended || undefined, ms);
  program.closeInput();
  if (program.readsInput && (await ended(inputGrace))) return;
  await program.signal('TERM');
  if (await ended(signalGrace)) return;
  await program.signal('KILL');
  if (await ended(killGrace)) return;
  await program.disconnect();
}

/** States in which something is still on its way; FIN-WAIT-2 and TIME-WAIT only wait for time to pass. */
const unsettled = new Set<ProcSocket['state']>(['SYN-SENT', 'SYN-RECEIVED', 'FIN-WAIT-1', 'CLOSING', 'LAST-ACK']);

/** Waits until no TCP socket of any host awaits an answer, so that the last ACK is in every capture. */
export async function quiet(recordings: Iterable<Recording>): Promise<void> {
  const each = [...recordings].map((recording) =>
    recording.withSockets((rows) =>
      recording.changes.until(
        () => recording.failure !== undefined || rows()?.every(({ state }) => !unsettled.has(state)) || undefined,
        quietDeadline,
      ),
    ),
  );
  await Promise.all(each);
}

/** Ends what programs left behind (children, daemons), and waits for the last line of every call log. */
export async function sweep(
  recordings: Iterable<Recording>,
  programs: readonly Pick<Program, 'logEnded' | 'recording'>[],
  changes: Changes,
): Promise<void> {
  for (const recording of recordings) if (!recording.failure) recording.sweep();
  await changes.until(
    () => programs.every(({ logEnded, recording }) => logEnded || recording.failure) || undefined,
    logDeadline,
  );
}
