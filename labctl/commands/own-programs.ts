// The options by which a student's own program takes part, and what they mean: `--server my.c`, `--server-cmd 'nc …'`.

import { resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { LabError } from '../model/lab-error.ts';
import { type Role, roles } from '../model/own-program.ts';
import type { Scenario } from '../model/scenario.ts';
import type { AllHanded, Handed } from '../run/check.ts';
import type { Session } from './session.ts';

export interface OwnFlags {
  server?: string;
  serverCmd?: string;
  client?: string;
  clientCmd?: string;
  anyModel?: true;
}

export const ownOptions = (): Option[] => [
  new Option('--server <path>', 'your own server: a C or Python file, a folder with a Makefile, an executable'),
  new Option('--server-cmd <line>', 'a command line as the server; {port} is the port, no shell is involved').conflicts(
    'server',
  ),
  new Option('--client <path>', 'your own client, likewise'),
  new Option('--client-cmd <line>', 'a command line as the client; {host} and {port} are the server’s').conflicts(
    'client',
  ),
  new Option('--any-model', 'judge what clients see; not whether it works with a process for each, or one at a time'),
];

/** What a program that takes part must do. */
export const contract = `
A server is started as an ordinary user, in its folder, as: CMD PORT   (PORT is in the environment, too). It must
  - listen on 0.0.0.0:PORT (or [::]:PORT, for IPv4 too) within 5 s, and stay in the foreground
  - return every byte unchanged, in order, to whoever sent it
  - close a connection after the peer’s FIN, and not before, and go on with the next client
A client is started as: CMD HOST PORT   (HOST and PORT are in the environment, too). It must
  - connect to HOST:PORT within 5 s, once, send each line of its standard input as soon as it is typed, and
    nothing else, and print what comes back
  - at the end of its input send its FIN, read to the end, and end with code 0
How it is built: make in a folder with a Makefile (its program is called server or client, or is the only one), else
cc with -std=gnu17 -Wall -Wextra -g -O1 -pthread for C; Python, scripts and executables are started as they are.
It is copied into a host of the lab, and built and started there and nowhere else.`;

export const isOwn = (flags: OwnFlags): boolean => roles.some((role) => flags[role] ?? flags[`${role}Cmd`]);

/** Reads what the flags name. Throws LabError `usage` when that is not there, or when the scenario has no such role. */
export async function handedBy(session: Session, flags: OwnFlags, scenario: Scenario): Promise<AllHanded> {
  const handed: AllHanded = {};
  for (const role of roles) {
    const one = await handedAs(session, role, flags);
    if (one) handed[role] = one;
  }
  await checkRoles(session, scenario, Object.keys(handed) as Role[]);
  return handed;
}

async function handedAs(session: Session, role: Role, flags: OwnFlags): Promise<Handed | undefined> {
  const [path, line] = [flags[role], flags[`${role}Cmd`]];
  if (line !== undefined) {
    const { shellWords } = await import('../plan/shell-words.ts');
    const argv = shellWords(line);
    if (argv === undefined || argv.length === 0)
      throw new LabError('usage', `--${role}-cmd: a command line is expected, and every quote must be closed`);
    return { program: { argv, placed: true } };
  }
  if (path === undefined) return undefined;
  const { readNamed } = await import('../run/submission.ts');
  return { submission: await readNamed(resolve(session.io.cwd, path)) };
}

/** A role that nobody plays, or that nothing judges, is no role to take. */
export async function checkRoles(session: Session, scenario: Scenario, wanted: readonly Role[]): Promise<void> {
  const { rolesOf } = await import('../plan/own-program.ts');
  const known = rolesOf(scenario);
  const missing = wanted.find((role) => !known.includes(role));
  if (missing === undefined) return;
  throw new LabError('usage', `the scenario ${scenario.name} takes no ${missing} of your own`, {
    where: session.shown(scenario.file),
    hint:
      known.length === 0
        ? 'scenarios that do: first-client, second-client, many-clients, any-address, select-server, who-closes-first'
        : `it takes: ${known.join(', ')}`,
  });
}
