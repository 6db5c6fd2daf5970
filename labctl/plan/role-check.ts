// What a scenario says about students' own programs must hold for every correct one of them.

import type { Expectation } from '../model/expectation.ts';
import type { LabError } from '../model/lab-error.ts';
import { type Role, roles } from '../model/own-program.ts';
import type { Step, StepOf } from '../model/scenario.ts';
import { complaint } from './complaints.ts';
import type { Read } from './scenario.ts';
import type { Names } from './scenario-names.ts';

type Steps = readonly Read<Step>[];
type Started = Read<StepOf<'start'>>;

const isStart = (read: Read<Step>): read is Started => read.value.verb === 'start';

/** Everything that is wrong with `role`, `judges` and `only`. */
export function wrongRoles(names: Names, steps: Steps, expectations: readonly Read<Expectation>[]): LabError[] {
  const starts = steps.filter(isStart);
  const kept = new Set(steps.flatMap(({ value: { name, only } }) => (name !== undefined && !only ? [name] : [])));
  return [
    ...starts.flatMap((start) => wrongRole(names, start)),
    ...roles.flatMap((role) => unjudged(names, role, starts, expectations)),
    ...expectations.flatMap((one) => wrongJudge(names, one, starts, kept)),
  ];
}

function wrongRole({ source }: Names, { value: { role, run, until }, path }: Started): LabError[] {
  const place = source.place([...path, 'role']);
  if (role === 'server' && !(until && 'listens' in until))
    return [complaint('a server’s port is not known', place, 'add: until: { listens: PORT }')];
  if (role === 'client' && (run.length > 3 || run.some((word, index) => index > 0 && word.startsWith('-'))))
    return [complaint('a client’s command line is: client [HOST [PORT]]', place)];
  return [];
}

/** Whoever takes a role that nothing judges would always pass. */
function unjudged(
  { source }: Names,
  role: Role,
  starts: readonly Started[],
  expectations: readonly Read<Expectation>[],
): LabError[] {
  const first = starts.find(({ value }) => value.role === role);
  if (first === undefined || expectations.some(({ value }) => value.judges?.includes(role))) return [];
  return [complaint(`no expectation judges a ${role}`, source.place([...first.path, 'role']), `add: judges: ${role}`)];
}

function wrongJudge(
  { source }: Names,
  { value, path }: Read<Expectation>,
  starts: readonly Started[],
  kept: ReadonlySet<string>,
): LabError[] {
  const { judges = [], after, before, only } = value;
  const place = source.place([...path, 'judges']);
  if (judges.length === 0)
    return only === undefined ? [] : [complaint('"only" is for what judges a role', source.place([...path, 'only']))];
  const taken = (name: string) => starts.find(({ value: { start } }) => start === name)?.value.role;
  const missing = judges.filter((role) => !starts.some((start) => start.value.role === role));
  const gone = only ? [] : [after, before, lookOf(value)].filter((name) => name !== undefined && !kept.has(name));
  const named = ownName(value);
  return [
    ...missing.map((role) => complaint(`no step starts a ${role}: none says role: ${role}`, place)),
    ...gone.map((name) => complaint(`the step "${name}" is not there for every program`, place)),
    ...(value.kind === 'calls' && judges.some((role) => role === taken(value.by))
      ? [complaint('a correct program may make other calls', place, 'leave judges out')]
      : []),
    ...(judges.includes('server') && asksCalls(value, (name) => taken(name) === 'server')
      ? [
          complaint(
            'the calls of a student’s server are not recorded, so neither are owners nor the accept queue',
            place,
            'expect sockets at a look',
          ),
        ]
      : []),
    ...(named !== undefined && named !== 'none' && taken(named) === undefined && !starts.some(isNamed(named))
      ? [complaint(`"${named}" is the name of a file; a student’s program is known by its step’s name`, place)]
      : []),
  ];
}

const isNamed =
  (name: string) =>
  ({ value }: Started): boolean =>
    value.start === name;

/** What only the server's calls can tell: who has a socket open, that it listens, how long the accept queue is. */
function asksCalls(value: Expectation, isServer: (program: string) => boolean): boolean {
  if (value.kind === 'queue') return true;
  if (value.kind !== 'states') return false;
  return (value.of !== undefined && isServer(value.of)) || value.states.some((text) => /,|LISTEN|UNCONN/.test(text));
}

/** The look that shows it, where it is one of the scenario's own. */
function lookOf(value: Expectation): string | undefined {
  return 'at' in value && value.at !== 'start' && value.at !== 'end' ? value.at : undefined;
}

/** Whom an expectation about rows names. */
function ownName(value: Expectation): string | undefined {
  if (value.kind === 'sockets') return value.sockets.owner;
  return value.kind === 'processes' ? value.processes.program : undefined;
}
