// `labctl down`: removes everything that carries the lab's label, and nothing else; safe twice, needs no Compose file.

import type { OnEngineEvent } from '../engine/engine.ts';
import { exitCodes } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { engineNotes } from './engine-notes.ts';
import type { Session } from './session.ts';

export const down: Declare = (program, act) => {
  program
    .command('down')
    .description('remove the lab’s containers and networks; images and recorded runs stay')
    .addHelpText('after', examples(['labctl down', 'this lab'], ['labctl --lab b down', 'the lab named b']))
    .action(act(runDown));
};

async function runDown(session: Session): Promise<number> {
  const [name, engine] = await Promise.all([session.labName(), session.engine()]);
  const [{ downText }, { endStaleLabs }] = await Promise.all([
    import('../views/lab-tables.ts'),
    import('../run/grade-lab.ts'),
  ]);
  const stuck: string[] = [];
  const note = await engineNotes(session);
  const on: OnEngineEvent = (event) => {
    if (event.kind === 'network-stuck') stuck.push(event.network);
    note(event);
  };
  const { removed } = await engine.down(name, { on });
  // What killed gradings left, whose labs nobody knows by name. Theirs is no fault of this lab's.
  await endStaleLabs(engine).catch(() => undefined);
  if (session.json) session.outJson({ lab: name, removed, stuck });
  else session.out(downText(name, removed, stuck.length, session.style()));
  return exitCodes.met;
}
