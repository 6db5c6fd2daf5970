// Finds the host a user named in the lab that runs, and says what there is when there is no such host.

import type { Host, RunningHost, RunningLab } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import { nearest } from '../plan/suggest.ts';
import { leftTuned } from './left-tuned.ts';
import type { Session } from './session.ts';

/** The running lab. Throws LabError `usage` with the command that brings it up when it is down. */
export async function runningLab(session: Session): Promise<RunningLab> {
  const [engine, name] = await Promise.all([session.engine(), session.labName()]);
  const lab = await engine.find(name);
  if (lab !== undefined) {
    await tellTuned(session, lab.hosts);
    return lab;
  }
  throw new LabError('usage', `the lab "${name}" is not up`, { hint: `${await session.command()} up` });
}

/** A run may have been killed before it put its hosts right. */
async function tellTuned(session: Session, hosts: readonly Pick<RunningHost, 'name' | 'tunedBy'>[]): Promise<void> {
  const left = leftTuned(hosts);
  if (left.length === 0) return;
  const { tunedText } = await import('../views/tuned-text.ts');
  session.note(tunedText(left, session.language, `${await session.command()} up`));
}

/** The running lab, in which all of these hosts run. Throws LabError `usage` with what there is instead. */
export async function runningHosts(session: Session, names: readonly string[]): Promise<RunningLab> {
  const lab = await runningLab(session);
  const command = await session.command();
  for (const name of names) refuseHost(lab, name, command);
  return lab;
}

function refuseHost(lab: RunningLab, hostName: string, command: string): void {
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
    throw new LabError('usage', `the host "${hostName}" is ${found?.state}`, { hint: `${command} up` });
}

/** The host that a user named. Throws LabError `usage` that says what there is when it cannot be had. */
export async function hostOf(session: Session, hostName: string): Promise<Host> {
  const [engine, name] = await Promise.all([session.engine(), session.labName()]);
  try {
    const host = await engine.host(name, hostName);
    await tellTuned(session, [host]);
    return host;
  } catch (error) {
    // Only now: to look at the whole lab first would cost every `exec` another question.
    await runningHosts(session, [hostName]);
    throw error;
  }
}
