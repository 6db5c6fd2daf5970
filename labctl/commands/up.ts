// `labctl up`: images that changed are built, the lab is made as the file says; a second time nothing changes.

import type { Engine, UpResult } from '../engine/engine.ts';
import type { Lab } from '../model/lab.ts';
import { exitCodes } from '../model/lab-error.ts';
import type { Scenario } from '../model/scenario.ts';
import { type Declare, examples } from './declare.ts';
import { engineNotes } from './engine-notes.ts';
import { leftTuned } from './left-tuned.ts';
import type { Session } from './session.ts';

export const up: Declare = (program, act) => {
  program
    .command('up')
    .description('build what changed and bring the lab up; does nothing where nothing differs')
    .addHelpText(
      'after',
      examples(['labctl up', 'the lab of the nearest Compose file'], ['labctl --lab b up', 'a second one beside it']),
    )
    .action(act(runUp));
};

async function runUp(session: Session): Promise<number> {
  const lab = await session.lab();
  const engine = await session.engine();
  const result = await bringUp(session, engine, lab);
  if (session.json)
    session.outJson({ changed: result.changed, lab: { ...result.lab, limits: await engine.limits(lab.name) } });
  else {
    const { upText } = await import('../views/lab-tables.ts');
    session.out(upText(result, session.style()));
    session.note(await nextAfterUp(session));
  }
  return exitCodes.met;
}

/** Builds and brings up with progress on standard error; used by `up`, `start` and by `run` on a lab that is down. */
export async function bringUp(session: Session, engine: Engine, lab: Lab): Promise<UpResult> {
  if (session.globals.engine) {
    const { checkElsewhere } = await import('../engine/choose.ts');
    await checkElsewhere(session.io.env, lab.name, engine);
  }
  const work = { on: await engineNotes(session), signal: session.io.signal };
  await engine.build(lab, work);
  return engine.up(lab, {
    ...work,
    mayRemove: async (hosts) => (await import('../run/tuning-lock.ts')).checkUntouched(engine, lab.name, hosts),
  });
}

/**
 * The lab as its file has it, for a run: brought up, or freed of what a run left in it that was killed. A scenario with a
 * lab of its own means no other one that happens to have the name. Throws LabError when the name is another folder's.
 */
export async function ensureUp(session: Session, engine: Engine, lab: Lab, scenario: Scenario): Promise<void> {
  const running = await engine.find(lab.name);
  const isAnother = scenario.lab !== undefined && running?.file !== lab.file;
  if (running === undefined || isAnother) return void (await bringUp(session, engine, lab));
  if (leftTuned(running.hosts).length === 0) return;
  const [{ tunedText }, on] = await Promise.all([import('../views/tuned-text.ts'), engineNotes(session)]);
  session.note(tunedText(leftTuned(running.hosts), session.language));
  await engine.up(lab, { on, signal: session.io.signal });
}

async function nextAfterUp(session: Session): Promise<string> {
  const { nextText } = await import('../views/next.ts');
  const labctl = await session.command();
  return nextText([`${labctl} run first-client`, `${labctl} list`, `${labctl} shell server`], session.errorStyle());
}
