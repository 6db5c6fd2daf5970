// `labctl runs`: what was recorded, how large and how old it is, how it was judged; and the removal of what is not needed.

import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { RunEntry } from '../folder/runs.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import { now } from '../model/time.ts';
import type { RunRow } from '../views/runs-text.ts';
import { type Declare, examples } from './declare.ts';
import { Lines } from './lines.ts';
import type { Session } from './session.ts';

interface RemovalFlags {
  older?: number;
  keep?: number;
  yes?: true;
}

export const runs: Declare = (program, act) => {
  const group = program
    .command('runs')
    .description('the recorded runs: how large, how old, how they were judged')
    .addHelpText(
      'after',
      examples(
        ['labctl runs', 'all of them, oldest first'],
        ['labctl runs rm --keep 10', 'remove all but the latest ten'],
      ),
    );
  group.command('list', { isDefault: true }).description('the runs of all labs, oldest first').action(act(listThem));
  group
    .command('rm')
    .description('remove runs: those named, those of some age, all but the latest; run folders and nothing else')
    .argument('[runs...]', 'names of runs, as labctl runs lists them')
    .addOption(new Option('--older <age>', 'those that ended so long ago: 12h, 7d, 4w').argParser(age))
    .addOption(new Option('--keep <number>', 'all but the latest so many').argParser(count))
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      examples(['labctl runs rm --older 7d', 'those of last week'], ['labctl runs rm --keep 0 --yes', 'all of them']),
    )
    .action(act(removeThem));
};

const hour = 3_600_000_000;
const units: Record<string, number> = { h: hour, d: 24 * hour, w: 7 * 24 * hour };

/** `7d` → microseconds. */
function age(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const micros = units[unit];
  if (micros === undefined) throw new InvalidArgumentError('An age is a number with h, d or w, such as 7d.');
  return Number(number) * micros;
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('A whole number is expected.');
  return Number(text);
}

async function allRuns(session: Session): Promise<RunEntry[]> {
  const { listRuns, runsFolderFor } = await import('../folder/runs.ts');
  return listRuns(await runsFolderFor(session.composeFile(), session.io.env));
}

async function listThem(session: Session): Promise<number> {
  const rows = await Promise.all((await allRuns(session)).map(rowOf));
  if (session.json) session.outJson({ runs: rows });
  else {
    const { runsText } = await import('../views/runs-text.ts');
    session.out(runsText(rows, now(), session.style()));
  }
  return exitCodes.met;
}

async function rowOf({
  name,
  lab,
  scenario,
  folder,
  finished,
  record,
}: RunEntry): Promise<RunRow & { folder: string }> {
  const { keptVerdict, sizeOf } = await import('../folder/remove-runs.ts');
  const [size, verdict] = await Promise.all([sizeOf(folder), keptVerdict(folder)]);
  return {
    ...{ name, lab, scenario, size, folder },
    ...(record ? { started: record.started } : {}),
    outcome: finished && record ? record.outcome : 'unfinished',
    ...(verdict ? { verdict } : {}),
  };
}

async function removeThem(session: Session, names: string[], flags: RemovalFlags): Promise<number> {
  if (names.length === 0 && flags.older === undefined && flags.keep === undefined)
    throw new LabError('usage', 'which runs?', { hint: 'name them, or say --older 7d or --keep 10' });
  const { chosenRuns, removeRuns } = await import('../folder/remove-runs.ts');
  const going = chosenRuns(await allRuns(session), {
    names,
    ...(flags.older === undefined ? {} : { before: now() - flags.older }),
    ...(flags.keep === undefined ? {} : { keep: flags.keep }),
  });
  if (going.length > 0 && !flags.yes && !(await agreed(session, going))) return exitCodes.met;
  await removeRuns(going);
  if (session.json) session.outJson({ removed: going.map(({ folder }) => folder) });
  else session.out((await wordsFor(session)).removed(going.length));
  return exitCodes.met;
}

/** Asks on a terminal. Throws LabError `usage` where there is none: nobody is there who could agree. */
async function agreed(session: Session, going: readonly RunEntry[]): Promise<boolean> {
  if (!session.io.stdin.isTTY || session.json)
    throw new LabError('usage', 'nobody can be asked whether to remove them', { hint: 'add --yes' });
  const rows = await Promise.all(going.map(rowOf));
  const { runsText } = await import('../views/runs-text.ts');
  session.out(runsText(rows, now(), session.style()));
  session.out((await wordsFor(session)).sure(going.length));
  const lines = new Lines(session.io);
  const typed = await lines.next();
  lines.close();
  return /^[yo]/i.test(typed ?? '');
}

async function wordsFor({ language }: Session) {
  const { wordsOf } = await import('../views/words.ts');
  return wordsOf(language).runs;
}
