// What steps may say of each other: a program is started before it is used, hosts take part, names are there once.

import type { LabError } from '../model/lab-error.ts';
import { addressPlaceholders } from '../model/notation.ts';
import type { Step, StepOf } from '../model/scenario.ts';
import { complaint } from './complaints.ts';
import type { Read } from './scenario.ts';
import {
  everyRunsLooks,
  type Names,
  programOf,
  repeated,
  wrongHost,
  wrongNetwork,
  wrongProgram,
} from './scenario-names.ts';

/** Everything that is wrong between the steps, and between them and the lab. */
export function wrongSteps(names: Names, steps: readonly Read<Step>[]): LabError[] {
  const { source, scenario } = names;
  const named = steps.map(({ value, path }) => ({ name: value.name, path: [...path, 'name'] }));
  const started = steps.map(({ value, path }) => ({
    name: value.verb === 'start' ? value.start : undefined,
    path: [...path, 'start'],
  }));
  const hosts = scenario.hosts.map((name, index) => ({ name, path: ['hosts', index] }));
  return [
    ...hosts.flatMap(({ name, path }) => wrongHost(names, name, path)),
    ...repeated(source, 'host', hosts),
    ...(scenario.loopback ?? []).flatMap((host, index) => wrongHost(names, host, ['loopback', index])),
    ...(scenario.measure ?? []).flatMap((host, index) => wrongHost(names, host, ['measure', index])),
    ...repeated(source, 'step', named),
    ...repeated(source, 'program', started),
    ...keptNames(names, steps),
    ...steps.flatMap((step) => wrongHosts(names, step)),
    ...wrongOrder(names, steps),
    ...wrongTogether(names, steps),
    ...wrongPauses(names, steps),
  ];
}

function keptNames({ source }: Names, steps: readonly Read<Step>[]): LabError[] {
  const kept: readonly string[] = everyRunsLooks;
  return steps.flatMap(({ value: { name }, path }) =>
    name !== undefined && kept.includes(name)
      ? [complaint(`the name "${name}" is kept for the look that every run takes`, source.place([...path, 'name']))]
      : [],
  );
}

function wrongHosts(names: Names, { value: step, path }: Read<Step>): LabError[] {
  if (step.verb === 'wait') return wrongHost(names, step.on, [...path, 'on']);
  if (step.verb === 'pause') return wrongHost(names, step.pause, [...path, 'pause']);
  if (step.verb === 'resume') return wrongHost(names, step.resume, [...path, 'resume']);
  if (step.verb === 'look')
    return step.look.flatMap((host, index) => wrongHost(names, host, lookPath(names, path, index)));
  if (step.verb !== 'start') return [];
  return [...wrongHost(names, step.on, [...path, 'on']), ...wrongArguments(names, step, [...path, 'run'])];
}

/** `look: server` and `look: [server]` are one value; only the list has a place for each host. */
function lookPath({ source }: Names, path: (string | number)[], index: number): (string | number)[] {
  return [...path, 'look', ...(source.isList([...path, 'look']) ? [index] : [])];
}

function wrongArguments(names: Names, { run }: StepOf<'start'>, path: (string | number)[]): LabError[] {
  return run.flatMap((argument, index) =>
    addressPlaceholders(argument).flatMap(({ host, network, ipv6 }) => {
      const at = names.source.isList(path) ? [...path, index] : path;
      const wrong = wrongHost(names, host, at);
      if (wrong.length > 0) return wrong;
      return [...wrongNetwork(names, host, network, at), ...(ipv6 ? withoutIpv6(names, network, at) : [])];
    }),
  );
}

/** Where a step waits for something that a program does: of its host, if that is paused, nothing comes. */
function actingHost({ programs }: Names, step: Step): { host: string | undefined; field: string } | undefined {
  if (step.verb === 'start') return { host: step.on, field: 'on' };
  if (step.verb === 'half-close') return { host: programs.get(step['half-close'])?.on, field: 'half-close' };
  return step.verb === 'answer' ? { host: programs.get(step.from)?.on, field: 'from' } : undefined;
}

function wrongPauses(names: Names, steps: readonly Read<Step>[]): LabError[] {
  const paused = new Map<string, number>();
  return steps.flatMap(({ value: step, path }) => {
    const at = (field: string) => names.source.place([...path, field]);
    if (step.verb === 'resume' && !paused.delete(step.resume))
      return [complaint(`host "${step.resume}" is not paused here`, at('resume'))];
    const pausing = step.verb === 'pause' ? { host: step.pause, field: 'pause' } : actingHost(names, step);
    const line = pausing?.host === undefined ? undefined : paused.get(pausing.host);
    if (step.verb === 'pause') paused.set(step.pause, line ?? step.place.line);
    return pausing === undefined || line === undefined
      ? []
      : [complaint(`host "${pausing.host}" is paused since line ${line}`, at(pausing.field))];
  });
}

function withoutIpv6({ source, lab }: Names, network: string, path: (string | number)[]): LabError[] {
  const spec = lab.networks.find(({ name }) => name === network);
  if (spec === undefined || spec.ipv6) return [];
  return [complaint(`network "${network}" has no IPv6`, source.place(path), 'in the Compose file: enable_ipv6: true')];
}

/** What two lists of a `parallel` do to one program would have no order. */
function wrongTogether({ source }: Names, steps: readonly Read<Step>[]): LabError[] {
  const taken = new Map<string, Step>();
  return steps.flatMap(({ value: step, path }) => {
    const used = step.verb === 'start' ? { program: step.start, field: 'start' } : programOf(step);
    if (step.branch === undefined || used === undefined) return [];
    const key = `${step.branch.group} ${used.program}`;
    const first = taken.get(key) ?? step;
    taken.set(key, first);
    if (first.branch?.number === step.branch.number) return [];
    const why = `program "${used.program}" is used at the same time at line ${first.place.line}`;
    return [complaint(why, source.place([...path, used.field]))];
  });
}

/** What a program has gone through when a step comes to it. */
interface Life {
  closed?: number;
  ended?: number;
}

function wrongOrder(names: Names, steps: readonly Read<Step>[]): LabError[] {
  const lives = new Map<string, Life>();
  return steps.flatMap(({ value: step, path }) => {
    if (step.verb === 'start' && !lives.has(step.start)) lives.set(step.start, {});
    const used = programOf(step);
    if (used === undefined) return [];
    const life = lives.get(used.program);
    const at = [...path, used.field];
    if (life === undefined) return beforeStart(names, used.program, at);
    const wrong = afterEnd(names, step, used.program, life, at);
    if (step.verb === 'close' || step.verb === 'half-close') life.closed ??= step.place.line;
    if (step.verb === 'stop' || step.verb === 'exit') life.ended ??= step.place.line;
    return wrong;
  });
}

function beforeStart(names: Names, program: string, path: (string | number)[]): LabError[] {
  const start = names.programs.get(program);
  if (start === undefined) return wrongProgram(names, program, path);
  return [
    complaint(
      `program "${program}" is used before it is started at line ${start.place.line}`,
      names.source.place(path),
    ),
  ];
}

/** Output may be asked for after the end; input and signals may not. */
function afterEnd({ source }: Names, step: Step, program: string, life: Life, path: (string | number)[]): LabError[] {
  const takesInput = step.verb === 'type' || step.verb === 'close' || step.verb === 'half-close';
  const mustRun = takesInput || step.verb === 'signal' || step.verb === 'stop' || step.verb === 'silence';
  if (life.ended !== undefined && mustRun)
    return [complaint(`program "${program}" has ended at line ${life.ended}`, source.place(path))];
  if (life.closed !== undefined && takesInput)
    return [complaint(`the input of "${program}" was closed at line ${life.closed}`, source.place(path))];
  return [];
}
