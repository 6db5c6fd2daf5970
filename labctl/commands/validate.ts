// `labctl validate`: reads scenarios and Compose files as `run` and `up` would, and says all that is wrong with them.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes, LabError, LabErrors } from '../model/lab-error.ts';
import { type Declare, examples } from './declare.ts';
import { openFile, scenarioFile, scenarioFiles } from './scenarios.ts';
import { readText, type Session } from './session.ts';

interface Checked {
  file: string;
  kind: 'scenario' | 'compose';
  errors: LabError[];
}

export const validate: Declare = (program, act) => {
  program
    .command('validate')
    .description('read scenarios and Compose files, and say all that is wrong with them; nothing is started')
    .argument(
      '[file...]',
      'scenarios, by name or file, and Compose files (default: all scenarios and the Compose file)',
    )
    .option('--schema', 'print the JSON Schema of scenario files, for editors')
    .addHelpText(
      'after',
      `
Each complaint stands at its file:line:col, with what was probably meant. Exit code 2 when there is one.
${examples(
  ['labctl validate', 'everything that labctl list shows'],
  ['labctl validate mine.yml', 'one file'],
  ['labctl validate --schema > scenario.schema.json', 'for “# yaml-language-server: $schema=scenario.schema.json”'],
)}`,
    )
    .action(act(runValidate));
};

async function runValidate(session: Session, names: string[], flags: { schema?: true }): Promise<number> {
  if (flags.schema) {
    const { scenarioJsonSchema } = await import('../plan/json-schema.ts');
    session.out(JSON.stringify(scenarioJsonSchema(), null, 2));
    return exitCodes.met;
  }
  const files = names.length > 0 ? await Promise.all(names.map((name) => fileOf(session, name))) : everything(session);
  const checked = await Promise.all(files.map((file) => check(session, file)));
  await tell(session, checked);
  return checked.some(({ errors }) => errors.length > 0) ? exitCodes.usage : exitCodes.met;
}

const everything = (session: Session): string[] => [session.composeFile(), ...scenarioFiles(session)];

/** A Compose file is no scenario, and found by its path alone. */
const fileOf = async (session: Session, name: string): Promise<string> => {
  const path = resolve(session.io.cwd, name);
  return existsSync(path) ? path : scenarioFile(session, name);
};

async function check(session: Session, file: string): Promise<Checked> {
  const kind = /^services\s*:/m.test(readText(file, 'file')) ? 'compose' : 'scenario';
  try {
    if (kind === 'scenario') await openFile(session, file);
    else await session.withLab(file, 'validated').lab();
    return { file, kind, errors: [] };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { file, kind, errors: error instanceof LabErrors ? [...error.errors] : [error] };
  }
}

async function tell(session: Session, checked: readonly Checked[]): Promise<void> {
  if (session.json) {
    const plain = ({ message, where, hint }: LabError) => ({ message, where, hint });
    session.outJson({
      version: 1,
      files: checked.map(({ file, kind, errors }) => ({ file, kind, errors: errors.map(plain) })),
    });
    return;
  }
  const [{ errorText }, { validatedText }] = await Promise.all([
    import('../views/errors.ts'),
    import('../views/validated.ts'),
  ]);
  const style = session.style();
  for (const { file, kind, errors } of checked) {
    if (errors.length === 0) session.out(validatedText(session.shown(file), kind, style));
    for (const error of errors) session.out(errorText(error, style));
  }
}
