// `labctl new`: writes a scenario to begin with, which can be run as it is. What is there already is never written over.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { packageRoot } from '../root.ts';
import { type Declare, examples } from './declare.ts';
import type { Session } from './session.ts';

export const newScenario: Declare = (program, act) => {
  program
    .command('new')
    .description('write a commented scenario to begin with, NAME.yml, which runs as it is')
    .argument('<name>', 'a name, or the path of a file that is not there yet')
    .addHelpText(
      'after',
      examples(['labctl new my-lesson', 'then: labctl run my-lesson.yml'], ['labctl new lessons/one.yml', 'elsewhere']),
    )
    .action(act(runNew));
};

const namePattern = /^[a-z0-9][a-zA-Z0-9._-]*$/;

async function runNew(session: Session, name: string): Promise<number> {
  const path = resolve(session.io.cwd, /\.ya?ml$/.test(name) ? name : `${name}.yml`);
  if (!namePattern.test(basename(path)))
    throw new LabError('usage', `${JSON.stringify(name)} cannot be the name of a scenario`, {
      hint: 'lower-case letters, digits and dashes',
    });
  if (existsSync(path))
    throw new LabError('usage', 'it is there already, and stays as it is', { where: session.shown(path) });
  const [{ scenarioTemplate }, { nextText }] = await Promise.all([
    import('../plan/template.ts'),
    import('../views/next.ts'),
  ]);
  write(path, scenarioTemplate(schemaFor(path)));
  const shown = session.shown(path);
  if (session.json) session.outJson({ file: path });
  else {
    session.out(shown);
    const labctl = await session.command();
    session.note(nextText([`${labctl} run ${shown}`, `${labctl} validate ${shown}`], session.errorStyle()));
  }
  return exitCodes.met;
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new LabError('usage', `it cannot be written: ${(error as Error).message}`, { where: path });
  }
}

/** Where the schema lies, as an editor finds it from the file: relative in one project, else wherever labctl is installed. */
function schemaFor(path: string): string {
  const schema = join(packageRoot, 'labctl/model/scenario.schema.json');
  const way = relative(dirname(path), schema);
  return way.startsWith('../../..') ? pathToFileURL(schema).href : way;
}
