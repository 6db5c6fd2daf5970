// `labctl list`: the scenarios that can be run, with what each one shows.

import { exitCodes } from '../model/lab-error.ts';
import type { Declare } from './declare.ts';
import { readableScenarios } from './scenarios.ts';
import type { Session } from './session.ts';

export const list: Declare = (program, act) => {
  program.command('list').description('the scenarios, and what each one shows').action(act(runList));
};

async function runList(session: Session): Promise<number> {
  const { inOrder } = await import('../lesson/path.ts');
  const found = inOrder(await readableScenarios(session));
  if (session.json)
    session.outJson({
      scenarios: found.map(({ name, title, about, hosts, file }) => ({ name, title, about, hosts, file })),
    });
  else {
    const { scenariosText } = await import('../views/lab-tables.ts');
    session.out(scenariosText(found, session.style()));
  }
  return exitCodes.met;
}
