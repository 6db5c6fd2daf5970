// `labctl ps`: the lab's hosts, their state and addresses, and who listens where.

import type { Engine, RunningLab } from '../engine/engine.ts';
import { exitCodes, LabError } from '../model/lab-error.ts';
import type { SocketRow } from '../model/look.ts';
import { type Declare, examples } from './declare.ts';
import { runningLab } from './hosts.ts';
import type { Session } from './session.ts';

export const ps: Declare = (program, act) => {
  program
    .command('ps')
    .description('hosts, their state and addresses, and who listens where')
    .option('-a, --all', 'every lab on every engine')
    .addHelpText('after', examples(['labctl ps', 'this lab'], ['labctl ps --all', 'all labs']))
    .action(act(runPs));
};

async function runPs(session: Session, flags: { all?: true }): Promise<number> {
  const shown = flags.all
    ? (await Promise.all((await session.engines()).map(allOn))).flat()
    : [await withListeners(await session.engine(), await runningLab(session))];
  if (session.json) session.outJson({ labs: await Promise.all(shown.map(withLimits)) });
  else {
    const { labsText } = await import('../views/lab-tables.ts');
    const labs = shown.map(({ lab }) => lab);
    session.out(labsText(labs, session.style()));
  }
  return exitCodes.met;
}

const withListeners = async (engine: Engine, lab: RunningLab) => ({
  engine,
  lab: { ...lab, listeners: await listenersOf(engine, lab) },
});

type Shown = Awaited<ReturnType<typeof withListeners>>;

const withLimits = async ({ engine, lab }: Shown) => ({ ...lab, limits: await engine.limits(lab.name) });

const allOn = async (engine: Engine) => Promise.all((await engine.list()).map((lab) => withListeners(engine, lab)));

/** Listening sockets of every running host, by ss as the programs' user (root would see no owners). */
async function listenersOf(engine: Engine, lab: RunningLab): Promise<Record<string, SocketRow[]>> {
  const running = lab.hosts.filter(({ state }) => state === 'running');
  const rows = await Promise.all(
    running.map(async ({ name }) => [name, await listenersAt(engine, lab, name)] as const),
  );
  return Object.fromEntries(rows.flatMap(([name, found]) => (found === undefined ? [] : [[name, found] as const])));
}

/** How long (ms) a host may take: in one that is full of processes that all want to run, ss too gets its turn late. */
const patience = 5000;

/**
 * None for a host that has gone, or is not there yet: other people's labs come and go while they are listed. Undefined for
 * one that is too busy to say.
 */
async function listenersAt(engine: Engine, lab: RunningLab, name: string): Promise<SocketRow[] | undefined> {
  const { parseSockets } = await import('../evidence/ss.ts');
  const signal = AbortSignal.timeout(patience);
  try {
    const host = await engine.host(lab.name, name);
    const { stdout } = await host.exec(['ss', '-HOantupeimo'], { signal });
    return parseSockets(stdout).filter(
      ({ state, engineOwned }) => !engineOwned && (state === 'LISTEN' || state === 'UNCONN'),
    );
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof LabError) return [];
    throw error;
  }
}
