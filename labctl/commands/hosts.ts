// Finds the host a user named in the lab that runs, and says what there is when there is no such host.

import type { Host, RunningLab } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import { nearest } from '../plan/suggest.ts';
import type { Session } from './session.ts';

/** The running lab. Throws LabError `usage` with the command that brings it up when it is down. */
export async function runningLab(session: Session): Promise<RunningLab> {
  const [engine, name] = await Promise.all([session.engine(), session.labName()]);
  const lab = await engine.find(name);
  if (lab !== undefined) return lab;
  throw new LabError('usage', `the lab "${name}" is not up`, { hint: `${await session.command()} up` });
}

export async function hostOf(session: Session, hostName: string): Promise<Host> {
  const lab = await runningLab(session);
  const names = lab.hosts.map(({ name }) => name);
  if (!names.includes(hostName)) {
    const [near] = nearest(hostName, names);
    throw new LabError('usage', `the lab "${lab.name}" has no host "${hostName}"`, {
      hint:
        near === undefined
          ? `its hosts are ${names.join(', ')}`
          : `did you mean "${near}"? Its hosts are ${names.join(', ')}`,
    });
  }
  const found = lab.hosts.find(({ name }) => name === hostName);
  if (found?.state !== 'running')
    throw new LabError('usage', `the host "${hostName}" is ${found?.state}`, { hint: `${await session.command()} up` });
  return (await session.engine()).host(lab.name, hostName);
}
