// Which engine a command works on: the one that was asked for, the one where the lab lives, else the one that answers.

import { LabError } from '../model/lab-error.ts';
import type { Engine } from './engine.ts';

export const engineNames = ['docker', 'embedded'] as const;
export type EngineName = (typeof engineNames)[number];

type Environment = Record<string, string | undefined>;

const openDocker = async (env: Environment): Promise<Engine> =>
  (await import('./docker/docker-engine.ts')).openDocker(env);
const openEmbedded = async (env: Environment): Promise<Engine> =>
  (await import('./embedded/embedded-engine.ts')).openEmbedded(env);
const openers: Record<EngineName, (env: Environment) => Promise<Engine>> = {
  docker: openDocker,
  embedded: openEmbedded,
};

/** The engine for a lab that lives nowhere yet: `LABCTL_ENGINE`. Throws LabError when that names no engine. */
function preferred({ LABCTL_ENGINE: name }: Environment): EngineName | undefined {
  const known = engineNames.find((one) => one === name);
  if (known || !name) return known;
  throw new LabError('usage', `LABCTL_ENGINE is "${name}"`, { hint: `it may be ${engineNames.join(' or ')}` });
}

/** Whoever names a Docker Engine of their own means it, as much as one who types `--engine docker`. */
const meant = (env: Environment, asked?: EngineName): EngineName | undefined =>
  asked ?? ((env.DOCKER_HOST || env.DOCKER_CONTEXT) && !env.LABCTL_ENGINE ? 'docker' : undefined);

/** A failure to open is an answer too: nothing of labs is there. */
const unlessAbsent = (engine: Promise<Engine>): Promise<Engine | LabError> =>
  engine.catch((error: unknown) => {
    if (error instanceof LabError) return error;
    throw error;
  });

const usable = (engine: Engine | LabError): Engine[] => (engine instanceof LabError ? [] : [engine]);

/** Every engine that answers; the one asked for alone, if any. Throws LabError when none does. */
export async function openEngines(env: Environment, asked?: EngineName): Promise<[Engine, ...Engine[]]> {
  const only = meant(env, asked);
  if (only) return [await openers[only](env)];
  const [docker, embedded] = await Promise.all([unlessAbsent(openDocker(env)), unlessAbsent(openEmbedded(env))]);
  const [first, ...more] = [...usable(docker), ...usable(embedded)];
  if (first) return [first, ...more];
  throw docker;
}

/** Where a lab lives. Only looks: to open an engine takes longer, and most often just one of them is needed. */
async function homesOf(env: Environment, lab: string): Promise<{ homes: EngineName[]; dockerAnswers: boolean }> {
  const [docker, embedded] = await Promise.all([livesOn.docker(env, lab), livesOn.embedded(env, lab)]);
  const lives = { docker: docker === true, embedded };
  return { homes: engineNames.filter((name) => lives[name]), dockerAnswers: docker !== undefined };
}

const livesOn = {
  docker: async (env: Environment, lab: string) => (await import('./docker/glance.ts')).livesOnDocker(env, lab),
  embedded: async (env: Environment, lab: string) => (await import('./embedded/find.ts')).livesEmbedded(env, lab),
};

/**
 * The engine where the lab lives; for a lab that lives nowhere the preferred one, else Docker where it answers, else
 * the embedded one. Throws LabError when one name lives on two engines and neither was asked for.
 */
export async function engineFor(env: Environment, lab: string, asked?: EngineName): Promise<Engine> {
  const wish = preferred(env);
  const only = meant(env, asked);
  if (only) return openers[only](env);
  const { homes, dockerAnswers } = await homesOf(env, lab);
  if (homes.length > 1) {
    throw new LabError('usage', `labs named "${lab}" run on two engines`, {
      hint: `say which: ${engineNames.map((name) => `--engine ${name}`).join(' or ')}`,
    });
  }
  const chosen = homes[0] ?? wish ?? (dockerAnswers ? 'docker' : undefined);
  return chosen ? openers[chosen](env) : (await openEngines(env))[0];
}

/** Before an `up` on an engine that was asked for. Throws LabError when the lab's name is taken on another engine. */
export async function checkElsewhere(env: Environment, lab: string, engine: Engine): Promise<void> {
  for (const other of engineNames.filter((name) => name !== engine.name)) {
    if (!(await livesOn[other](env, lab))) continue;
    throw new LabError('usage', `the lab "${lab}" runs on the engine ${other} already`, {
      hint: `choose another name with --lab NAME, or end it first: \`labctl --engine ${other} --lab ${lab} down\``,
    });
  }
}
