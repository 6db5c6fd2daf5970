// `labctl completion` prints a shell's completion; `labctl complete`, hidden, is what that asks at each press of Tab.

import { Argument } from '@commander-js/extra-typings';
import { exitCodes } from '../model/lab-error.ts';
import type { NameKind } from '../views/cli/wanted.ts';
import { cliTree } from './cli-tree.ts';
import { type Declare, examples } from './declare.ts';
import type { GlobalOptions } from './io.ts';
import { Session } from './session.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

export const completion: Declare = (program, act) => {
  program
    .command('completion')
    .description('print completion for a shell: commands, options, hosts, scenarios, runs')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      examples(
        ['source <(labctl completion bash)', 'for this bash (zsh likewise)'],
        ['labctl completion fish | source', 'for this fish'],
        ['labctl completion zsh', 'its first lines say where it goes for good'],
      ),
    )
    .action(
      act(async (session: Session, shell: (typeof shells)[number]) => {
        const { scripts } = await import('../views/cli/completion-scripts.ts');
        if (session.json) session.outJson({ shell, script: scripts[shell] });
        else session.out(scripts[shell]);
        return exitCodes.met;
      }),
    );
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .passThroughOptions()
    .action(
      act(async (session: Session, words: string[]) => {
        const { wantedAt } = await import('../views/cli/wanted.ts');
        const current = words.at(-1) ?? '';
        const wanted = wantedAt(cliTree(program), words);
        const asked = new Session(session.io, { ...session.globals, ...(wanted.said as GlobalOptions) });
        const named = await Promise.all(wanted.names.map((kind) => namesOf[kind](asked, current)));
        const lines = [...wanted.words.map(({ text, description }) => lineOf(text, description)), ...named.flat()];
        if (lines.length > 0) session.out(lines.join('\n'));
        return exitCodes.met;
      }),
    );
};

/** Descriptions are one line, and short: terminals cut them anyhow. */
const lineOf = (text: string, description: string): string => {
  const [first = ''] = description.split('\n');
  return first === '' ? text : `${text}\t${first}`;
};

/** A lab that cannot be read completes nothing; nobody wants an error for a press of Tab. */
const namesOf: Record<NameKind, (session: Session, current: string) => Promise<string[]>> = {
  hosts: (session, current) => quietly(() => hosts(session, current)),
  scenarios: (session, current) =>
    quietly(async () => {
      const { scenarioNames } = await import('./scenarios.ts');
      return scenarioNames(session).filter((name) => name.startsWith(current));
    }),
  runs: (session, current) =>
    quietly(async () => {
      const { listRuns, runsFolderFor } = await import('../folder/runs.ts');
      const runs = await listRuns(await runsFolderFor(session.composeFile(), session.io.env));
      return runs
        .reverse()
        .map(({ name, lab }) => `${name}\t${lab}`)
        .filter((name) => name.startsWith(current));
    }),
  files: () => Promise.resolve([':files']),
};

async function quietly(names: () => Promise<string[]>): Promise<string[]> {
  try {
    return await names();
  } catch {
    return [];
  }
}

/** Hosts of the running lab, else those of its Compose file; behind the last comma where several are named. */
async function hosts(session: Session, current: string): Promise<string[]> {
  const before = current.slice(0, current.lastIndexOf(',') + 1);
  const taken = before.split(',');
  const names = (await runningHosts(session)) ?? (await session.lab()).hosts.map(({ name }) => name);
  return names
    .filter((name) => !taken.includes(name))
    .map((name) => before + name)
    .filter((name) => name.startsWith(current));
}

async function runningHosts(session: Session): Promise<string[] | undefined> {
  const running = await (await session.engine()).find(await session.labName());
  return running?.hosts.map(({ name }) => name);
}
