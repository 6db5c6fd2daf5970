// Finds embedded labs by their keepers; loads nothing that is only needed to make one.

import { existsSync, readdirSync } from 'node:fs';
import type { RunningLab } from '../engine.ts';
import { ask, labFolder } from './ask.ts';
import { type KeeperState, runningLab } from './description.ts';
import { stoppedKeeper } from './keeper-identity.ts';
import { type Places, placesFor } from './places.ts';

export async function findLab(places: Places, lab: string): Promise<RunningLab | undefined> {
  const state = await ask<KeeperState>(labFolder(places, lab), { do: 'state' });
  return state?.description ? runningLab({ ...state, description: state.description }) : undefined;
}

/** Whether the lab lives here, also where something is missing to work on it, and while its keeper cannot answer. */
export async function livesEmbedded(env: NodeJS.ProcessEnv, lab: string): Promise<boolean> {
  const places = placesFor(env, process.getuid?.() ?? 0);
  return stoppedKeeper(labFolder(places, lab)) !== undefined || (await findLab(places, lab)) !== undefined;
}

/** Every lab that lives here, in the order of their names. */
export async function labsEmbedded(env: NodeJS.ProcessEnv): Promise<RunningLab[]> {
  return labsIn(placesFor(env, process.getuid?.() ?? 0));
}

/** What can be known of a lab whose keeper does not answer: each host that was ever started has a log. */
export function silentLab(places: Places, lab: string): RunningLab {
  const names = readdirSync(labFolder(places, lab)).flatMap((file) => /^(.*)\.log$/.exec(file)?.[1] ?? []);
  const hosts = names.map((name) => ({ name, state: 'other' as const, image: '', addresses: [] }));
  return { name: lab, engine: 'embedded', file: '', hosts, networks: [] };
}

/** One lab whose keeper somebody stopped does not hide the others. */
export async function labsIn(places: Places): Promise<RunningLab[]> {
  const names = existsSync(places.runtime) ? readdirSync(places.runtime).filter((name) => !name.startsWith('.')) : [];
  const labs = await Promise.all(
    names.sort().map(async (name) => {
      try {
        return await findLab(places, name);
      } catch (error) {
        if (stoppedKeeper(labFolder(places, name)) === undefined) throw error;
        return silentLab(places, name);
      }
    }),
  );
  return labs.filter((lab) => lab !== undefined);
}
