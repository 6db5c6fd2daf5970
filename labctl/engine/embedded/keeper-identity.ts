// Which process the keeper of a lab's folder is, whether it lives, and whether somebody stopped it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Identity, isAlive } from '../identity.ts';

/** Where a keeper's identity is written: that of its `unshare`, which ends after it, and so after all of its namespace. */
export const identityFile = (folder: string): string => join(folder, 'keeper.json');

function recordedIdentity(folder: string): Identity | undefined {
  try {
    return JSON.parse(readFileSync(identityFile(folder), 'utf8')) as Identity;
  } catch {
    return undefined;
  }
}

/** The pid of the keeper of that folder, if it lives. */
export function livingKeeper(folder: string): number | undefined {
  const recorded = recordedIdentity(folder);
  return recorded !== undefined && isAlive(recorded) ? recorded.pid : undefined;
}

/** The keeper itself below its `unshare`. */
export function childOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()) || undefined;
  } catch {
    return undefined;
  }
}

/** The pid of that folder's keeper while it is stopped (SIGSTOP, a debugger): it will not answer then. */
export function stoppedKeeper(folder: string): number | undefined {
  const pid = livingKeeper(folder);
  const keeper = pid === undefined ? undefined : childOf(pid);
  return keeper !== undefined && isStopped(keeper) ? keeper : undefined;
}

function isStopped(pid: number): boolean {
  try {
    return /^State:\s+[tT]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
