// `labctl record`: whatever is typed in `labctl shell` and `labctl exec` of this lab, until Ctrl-C, becomes a run folder.

import { exitCodes } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { runningLab } from './hosts.ts';
import type { Session } from './session.ts';
import { type ShowFlags, showRun } from './show.ts';

export const record: Declare = (program, act) => {
  program
    .command('record')
    .description('record what you do by hand in this lab until Ctrl-C, then show it')
    .argument('[hosts...]', 'hosts to record (default: all)')
    .option('--watch', 'draw the ladder while you work')
    .addHelpText('after', examples(['labctl record --watch', 'then, in another terminal: labctl shell server']))
    .action(act(runRecord));
};

async function runRecord(session: Session, named: string[], flags: ShowFlags & { watch?: true }): Promise<number> {
  const [lab, engine] = [await session.lab(), await session.engine()];
  await runningLab(session);
  const [{ recordLab }, { runProgress }] = await Promise.all([
    import('../run/record.ts'),
    import('../views/progress.ts'),
  ]);
  session.note(await beforeRecording(session));
  const hosts = named.length > 0 ? named : lab.hosts.map(({ name }) => name);
  const watch = flags.watch ? (await import('./watch.ts')).watchOn(session, { hosts, steps: [] }) : undefined;
  const { folder } = await recordLab({
    engine,
    lab,
    hosts,
    runsFolder: await session.runsFolder(),
    onEvent: (event) => (watch ? watch.event(event) : session.note(runProgress(event, session.errorStyle()))),
    ...(watch ? { watcher: watch } : {}),
    signal: session.io.signal,
  });
  watch?.end();
  await showRun(session, folder, { ...flags, fresh: true });
  return exitCodes.met;
}

/** Calls are recorded of what is started from now on: who has a shell open already has to know. */
async function beforeRecording(session: Session): Promise<string> {
  const [{ wordsOf }, { visible }] = await Promise.all([import('../views/words.ts'), import('../views/visible.ts')]);
  const text = wordsOf(session.language).progress.byHand(`${await session.command()} shell HOST`);
  return text
    .split('\n')
    .map((line) => visible(line, session.errorStyle()))
    .join('\n');
}
