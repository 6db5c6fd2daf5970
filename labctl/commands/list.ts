// `labctl list`: the scenarios that can be run, with what each one shows.

import { exitCodes, LabError } from '../model/lab-error.ts';
import type { Declare } from './declare.ts';
import { scenarioFiles, scenarioIn } from './scenarios.ts';
import type { Session } from './session.ts';

export const list: Declare = (program, act) => {
  program.command('list').description('the scenarios, and what each one shows').action(act(runList));
};

async function runList(session: Session): Promise<number> {
  const lab = await session.lab();
  const scenarios = await Promise.all(scenarioFiles(session).map((file) => readable(session, file, lab)));
  const found = scenarios.filter((scenario) => scenario !== undefined);
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

/** A broken file is named and left out; it must not hide the others. */
async function readable(session: Session, ...[file, lab]: [string, Awaited<ReturnType<Session['lab']>>]) {
  try {
    return await scenarioIn(session, file, lab);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const { errorText } = await import('../views/errors.ts');
    session.note(errorText(error, session.errorStyle()));
    return undefined;
  }
}
