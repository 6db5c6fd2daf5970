// Why a recorder is gone: what the engine says has become of its host, in words.

import { setTimeout as delay } from 'node:timers/promises';
import type { Engine, RunningHost } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';

const fates: Partial<Record<RunningHost['state'], string>> = {
  paused: 'somebody paused this host',
  exited: 'this host has ended: it was killed, or its first program was',
  created: 'this host has ended',
};

/** The recorder's failure, with the fate of its host in front where the engine knows one. Never rejects. */
export async function withFate(engine: Engine, lab: string, host: string, failure: LabError): Promise<LabError> {
  const words = await fateOf(engine, lab, host);
  if (words === undefined) return failure;
  return new LabError('engine', `${words} (${failure.message})`, {
    where: `host ${host}`,
    hint: failure.hint ?? '`labctl up`',
    cause: failure,
  });
}

/** The failure of an engine, with the lab's end in front where the lab is gone. Never rejects. */
export async function withLabsFate(engine: Engine, lab: string, failure: LabError): Promise<LabError> {
  const isGone = (await engine.find(lab).catch(() => null)) === undefined;
  if (!isGone) return failure;
  return new LabError('engine', `the whole lab was removed (${failure.message})`, {
    hint: '`labctl up`',
    cause: failure,
  });
}

/** So often and so long (ms) the engine may still call a host running that is gone. */
const patience = { looks: 5, pause: 200 };

async function fateOf(engine: Engine, lab: string, host: string): Promise<string | undefined> {
  try {
    for (let look = 1; look <= patience.looks; look++) {
      const found = await engine.find(lab);
      if (found === undefined) return 'the whole lab was removed';
      const state = found.hosts.find(({ name }) => name === host)?.state;
      if (state === undefined) return 'somebody removed this host';
      if (state in fates) return fates[state];
      await delay(patience.pause);
    }
    return undefined;
  } catch (error) {
    return error instanceof LabError ? error.message : undefined;
  }
}
