// What a scenario may refer to: hosts and networks of the lab, programs that its steps start, steps by name, looks.

import type { Lab } from '../model/lab.ts';
import type { LabError } from '../model/lab-error.ts';
import type { Scenario, Step, StepOf, StepVerb } from '../model/scenario.ts';
import type { WireRule } from '../model/wire.ts';
import { complaint } from './complaints.ts';
import type { Path, Source } from './source.ts';
import { didYouMean } from './suggest.ts';

/** Looks that every run takes of every host, without a step. */
export const everyRunsLooks = ['start', 'end'] as const;

/** The name of the loopback interface among a host's networks. */
export const loopback = 'loopback';

export interface Names {
  source: Source;
  lab: Lab;
  scenario: Scenario;
  programs: ReadonlyMap<string, StepOf<'start'>>;
  /** Step names → position among the steps. */
  steps: ReadonlyMap<string, number>;
  /** Look names → hosts that were looked at. */
  looks: ReadonlyMap<string, readonly string[]>;
  /** Rules of the wire by name. */
  rules: ReadonlyMap<string, WireRule>;
}

export function namesOf(source: Source, lab: Lab, scenario: Scenario): Names {
  const { steps, hosts } = scenario;
  const starts = steps.filter((step): step is StepOf<'start'> => step.verb === 'start');
  const looks = steps.filter((step): step is StepOf<'look'> => step.verb === 'look');
  return {
    source,
    lab,
    scenario,
    programs: new Map(starts.map((step) => [step.start, step])),
    steps: new Map(steps.flatMap(({ name }, index): [string, number][] => (name === undefined ? [] : [[name, index]]))),
    looks: new Map([
      ...everyRunsLooks.map((name): [string, string[]] => [name, hosts]),
      ...looks.flatMap((step): [string, string[]][] => (step.name === undefined ? [] : [[step.name, step.look]])),
    ]),
    rules: new Map(rulesOf(scenario).map((rule) => [rule.rule, rule])),
  };
}

/** Every rule of the wire, in the order in which they come into force. */
function rulesOf({ wire = [], steps }: Scenario): WireRule[] {
  const changes = steps.flatMap((step) => (step.verb === 'wire' ? step.wire : []));
  return [...wire, ...changes.filter((change) => change.kind !== 'remove')];
}

/** A host that must be of the lab and take part. */
export function wrongHost({ source, lab, scenario }: Names, host: string, path: Path): LabError[] {
  const known = lab.hosts.map(({ name }) => name);
  if (!known.includes(host)) {
    const near = didYouMean(host, known);
    return [complaint(`unknown host "${host}"${near}`, source.place(path), `hosts of the lab: ${known.join(', ')}`)];
  }
  if (scenario.hosts.includes(host)) return [];
  return [
    complaint(
      `host "${host}" takes no part`,
      source.place(path),
      `add it to hosts (line ${source.place(['hosts']).line})`,
    ),
  ];
}

/** `host@network`: the host must be on that network, or its loopback recorded where packets are expected. */
export function wrongNetwork({ source, lab }: Names, host: string, network: string, path: Path): LabError[] {
  const spec = lab.hosts.find(({ name }) => name === host);
  const known = [...(spec?.attachments.map(({ network: name }) => name) ?? []), loopback];
  if (spec === undefined || known.includes(network)) return [];
  return [
    complaint(
      `"${host}" is on no network "${network}"${didYouMean(network, known)}`,
      source.place(path),
      `its networks: ${known.join(', ')}`,
    ),
  ];
}

/** A program that some step starts. */
export function wrongProgram({ source, programs }: Names, program: string, path: Path): LabError[] {
  if (programs.has(program)) return [];
  const known = [...programs.keys()];
  const hint = known.length === 0 ? 'no step starts a program' : `programs: ${known.join(', ')}`;
  return [complaint(`unknown program "${program}"${didYouMean(program, known)}`, source.place(path), hint)];
}

/** A step by its name. */
export function wrongStep({ source, steps }: Names, step: string, path: Path): LabError[] {
  if (steps.has(step)) return [];
  const known = [...steps.keys()];
  const hint = known.length === 0 ? 'no step has a name' : `named steps: ${known.join(', ')}`;
  return [complaint(`no step is named "${step}"${didYouMean(step, known)}`, source.place(path), hint)];
}

/** The second and later ones of what must be there once. */
export function repeated(
  source: Source,
  what: string,
  entries: readonly { name: string | undefined; path: Path }[],
): LabError[] {
  const first = new Map<string, Path>();
  return entries.flatMap(({ name, path }) => {
    if (name === undefined) return [];
    const before = first.get(name);
    if (before === undefined) first.set(name, path);
    if (before === undefined) return [];
    if (before.join() === path.join())
      return [complaint(`${what} "${name}" would be there in every round: write ${name}{round}`, source.place(path))];
    return [complaint(`${what} "${name}" stands at line ${source.place(before).line} already`, source.place(path))];
  });
}

/** Where a step names a program that must be running or have run: the field of each verb. */
const programFields: Partial<Record<StepVerb, string>> = {
  type: 'into',
  answer: 'from',
  silence: 'from',
  close: 'close',
  'half-close': 'half-close',
  signal: 'signal',
  stop: 'stop',
  exit: 'exit',
  children: 'children',
};

/** The program that a step uses and the field that names it; undefined for steps that use none. */
export function programOf(step: Step): { field: string; program: string } | undefined {
  const field = programFields[step.verb];
  return field === undefined ? undefined : { field, program: (step as unknown as Record<string, string>)[field] ?? '' };
}
