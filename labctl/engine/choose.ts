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
  asked ?? (env.DOCKER_HOST && !env.LABCTL_ENGINE ? 'docker' : undefined);

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

/**
 * The engine where the lab lives; for a lab that lives nowhere the preferred one, else Docker where it answers, else
 * the embedded one. Throws LabError when one name lives on two engines and neither was asked for.
 */
export async function engineFor(env: Environment, lab: string, asked?: EngineName): Promise<Engine> {
  const wish = preferred(env);
  const engines = await openEngines(env, asked);
  if (asked) return engines[0];
  const homes = await Promise.all(engines.map(async (engine) => ((await engine.find(lab)) ? [engine] : [])));
  const [home, other] = homes.flat();
  if (other) {
    throw new LabError('usage', `labs named "${lab}" run on two engines`, {
      hint: `say which: ${engineNames.map((name) => `--engine ${name}`).join(' or ')}`,
    });
  }
  if (home) return home;
  return wish ? (engines.find(({ name }) => name === wish) ?? openers[wish](env)) : engines[0];
}

/** Before an `up` on an engine that was asked for. Throws LabError when the lab's name is taken on another engine. */
export async function checkElsewhere(env: Environment, lab: string, engine: Engine): Promise<void> {
  const others = await Promise.all(
    engineNames.filter((name) => name !== engine.name).map((name) => unlessAbsent(openers[name](env))),
  );
  for (const other of others.flatMap(usable)) {
    if (!(await other.find(lab))) continue;
    throw new LabError('usage', `the lab "${lab}" runs on the engine ${other.name} already`, {
      hint: `choose another name with --lab NAME, or end it first: \`labctl --engine ${other.name} --lab ${lab} down\``,
    });
  }
}
