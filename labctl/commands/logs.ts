// `labctl logs`: what a host's own first process printed.

import { text as textOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { exitCodes, LabError } from '../model/lab-error.ts';
import type { Declare } from './declare.ts';
import { hostOf } from './hosts.ts';
import type { Session } from './session.ts';

export const logs: Declare = (program, act) => {
  program
    .command('logs')
    .description('print what a host itself printed since it started')
    .argument('<host>')
    .option('-f, --follow', 'go on until Ctrl-C')
    .action(act(runLogs));
};

async function runLogs(session: Session, hostName: string, flags: { follow?: true }): Promise<number> {
  if (session.json && flags.follow)
    throw new LabError('usage', 'JSON ends, and what is followed does not', { hint: 'leave out --follow or --json' });
  const host = await hostOf(session, hostName);
  const stream = await host.logs({ follow: flags.follow === true, signal: session.io.signal });
  try {
    if (session.json) session.outJson({ host: hostName, log: await textOf(stream) });
    else await pipeline(stream, session.io.stdout, { end: false });
  } catch (error) {
    if (session.io.signal.aborted) return exitCodes.met;
    throw new LabError('engine', `the log of ${hostName} broke off`, { hint: '`labctl doctor`', cause: error });
  }
  return exitCodes.met;
}
