// `labctl man`: the manual page, made from the declarations of the commands; or the same as Markdown.

import { exitCodes } from '../model/lab-error.ts';
import { packageVersion } from '../root.ts';
import { cliTree } from './cli-tree.ts';
import { type Declare, examples } from './declare.ts';
import type { Session } from './session.ts';

export const man: Declare = (program, act) => {
  program
    .command('man')
    .description('print the manual page (man 1), made from what every --help says')
    .option('--markdown', 'the same as a Markdown document')
    .addHelpText('after', examples(['labctl man | man -l -', 'read it'], ['labctl man > labctl.1', 'keep it']))
    .action(
      act(async (session, flags: { markdown?: true }) => {
        const tree = cliTree(program);
        if (session.json) session.outJson({ command: tree });
        else if (flags.markdown) session.out((await import('../views/cli/reference.ts')).cliReference(tree));
        else
          session.out(
            (await import('../views/cli/man.ts')).manualPage(tree, { version: packageVersion, date: dateOf(session) }),
          );
        return exitCodes.met;
      }),
    );
};

/** Today, or the day that a reproducible build names (reproducible-builds.org). */
function dateOf({ io }: Session): string {
  const epoch = Number(io.env.SOURCE_DATE_EPOCH || Date.now() / 1000);
  return new Date(epoch * 1000).toISOString().slice(0, 10);
}
