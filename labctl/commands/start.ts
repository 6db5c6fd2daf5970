// `labctl start`, which `npm start` calls: from a bare machine to the first handshake in one go.

import { exitCodes } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { heal } from './doctor.ts';
import { runAndShow } from './run.ts';
import { openScenario } from './scenarios.ts';
import type { Session } from './session.ts';
import { bringUp } from './up.ts';

export const start: Declare = (program, act) => {
  program
    .command('start')
    .description(
      'everything from a bare machine to the first handshake: doctor --fix, up, run first-client; on Docker where it answers, else on the embedded engine',
    )
    .addHelpText('after', examples(['labctl start', 'safe to repeat']))
    .action(act(runStart));
};

async function runStart(session: Session): Promise<number> {
  const { lab, scenario } = await openScenario(session, 'first-client');
  if (!(await heal(session, { fix: true, moreToCome: true }))) return exitCodes.engine;
  const engine = await session.engine();
  const { engineText } = await import('../views/lab-tables.ts');
  const onDocker = `${await session.command(`${lab.name}-docker`)} --engine docker start`;
  session.note(engineText(engine.name, onDocker, session.errorStyle()));
  await bringUp(session, engine, lab);
  return runAndShow(session, engine, lab, { scenario }, {});
}
