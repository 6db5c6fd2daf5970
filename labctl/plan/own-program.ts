// A scenario in which a student's programs stand in for labctl's own: what they do, and by what they are judged.

import { type OwnPrograms, ownCommand, ownEnvironment, type Role, roles, type Wanted } from '../model/own-program.ts';
import type { Scenario, Step, StepOf } from '../model/scenario.ts';

type Start = StepOf<'start'>;

export interface OwnOptions {
  /** Whatever way of working does: what is marked `only: model` is left out. */
  anyModel?: boolean;
}

const isStart = (step: Step): step is Start => step.verb === 'start';

/** Where labctl's own programs meet when nothing else is said (images/server, images/client). */
const usual: Wanted = { host: 'server', port: 5000 };

/** What the step asks of whatever program it starts: the port to listen on; the host and port to connect to. */
export function wantedOf({ role, run, until }: Start): Wanted {
  if (role === 'server') return { ...usual, port: until && 'listens' in until ? until.listens : usual.port };
  const [, host = usual.host, port] = run;
  return { host, port: port === undefined ? usual.port : Number(port) };
}

/** Roles that a student's program can take here: some step starts it, some expectation judges it. */
export const rolesOf = ({ steps, expect }: Pick<Scenario, 'steps' | 'expect'>): Role[] =>
  roles.filter(
    (role) =>
      steps.some((step) => isStart(step) && step.role === role) && expect.some(({ judges }) => judges?.includes(role)),
  );

/** The scenario with these programs in their roles; only what judges such a role is expected of it. */
export function withOwnPrograms(scenario: Scenario, own: OwnPrograms, { anyModel = false }: OwnOptions = {}): Scenario {
  const taken = roles.filter((role) => own[role] !== undefined);
  const left = (one: { only?: string }) => one.only !== 'reference' && !(anyModel && one.only === 'model');
  const judged = scenario.expect.filter(({ judges }) => judges?.some((role) => taken.includes(role)));
  const steps = scenario.steps.filter(left).map((step) => replaced(step, own));
  const started = new Set(steps.filter(isStart).flatMap(({ start, own: mine }) => (mine ? [] : [start])));
  return {
    ...scenario,
    steps,
    expect: judged.filter(left),
    tables: scenario.tables?.filter(({ calls }) => started.has(calls)),
  };
}

function replaced(step: Step, own: OwnPrograms): Step {
  const role = isStart(step) ? step.role : undefined;
  const program = role && own[role];
  if (!isStart(step) || role === undefined || program === undefined) return step;
  const wanted = wantedOf(step);
  const { folder } = program;
  return {
    ...step,
    run: ownCommand(program, role, wanted) as Start['run'],
    // Its lines are not ours to read, nor are the words that labctl's client prints.
    trace: step.trace === false ? false : 'calls',
    until: role === 'client' ? { connected: wanted.port } : step.until,
    own: { role, environment: ownEnvironment(role, wanted), ...(folder === undefined ? {} : { folder }) },
  };
}
