// Processes over time, from their calls: born by fork, waiting in calls, ended, told to their parents.

import type { Call } from '../model/call.ts';
import type { ProcessTrack } from '../model/instant.ts';
import type { Report, TracedCall } from '../model/report.ts';
import { forkCalls, isThread } from './sockets.ts';

/** Shorter calls are work, not waiting; in microseconds. */
const waitedFrom = 1000;

const familiar: Readonly<Record<string, string>> = {
  accept4: 'accept',
  recvfrom: 'recv',
  sendto: 'send',
  wait4: 'wait',
  clock_nanosleep: 'sleep',
};
const withDescriptor = /^(accept|connect|read|recv|write|send|shutdown|close)/;

const waitText = ({ name, args }: Call): string => {
  const fd = /^\d+/.exec(args[0] ?? '')?.[0];
  return `${familiar[name] ?? name}(${withDescriptor.test(name) ? (fd ?? '') : ''})`;
};

const keyOf = ({ host, pid }: { host: string; pid: number }): string => `${host} ${pid}`;

function callsByProcess(calls: readonly TracedCall[]): Map<string, TracedCall[]> {
  const found = new Map<string, TracedCall[]>();
  for (const call of calls) {
    const own = found.get(keyOf(call));
    if (own) own.push(call);
    else found.set(keyOf(call), [call]);
  }
  return found;
}

/** Child → parent and moment of birth, by host and child's pid. */
function births(calls: readonly TracedCall[]): Map<string, { parent: number; at: number }> {
  const born = new Map<string, { parent: number; at: number }>();
  for (const call of calls) {
    const { host, pid, result = -1, at, took = 0 } = call;
    if (forkCalls.has(call.name) && result > 0 && !isThread(call))
      born.set(keyOf({ host, pid: result }), { parent: pid, at: at + took });
  }
  return born;
}

/** When a wait told the parent of this child's end. */
function reapings(calls: readonly TracedCall[]): Map<string, number> {
  const reaped = new Map<string, number>();
  for (const { name, host, result = -1, at, took = 0 } of calls)
    if (name.startsWith('wait') && result > 0) reaped.set(keyOf({ host, pid: result }), at + took);
  return reaped;
}

const threadIds = (calls: readonly TracedCall[]): Set<string> =>
  new Set(
    calls
      .filter((call) => forkCalls.has(call.name) && isThread(call) && (call.result ?? 0) > 0)
      .map(({ host, result = 0 }) => keyOf({ host, pid: result })),
  );

/** Every process whose calls are recorded. */
function tracedProcesses(report: Report, zero: number): ProcessTrack[] {
  const { calls, processEvents, events } = report;
  const [born, reaped, threads] = [births(calls), reapings(calls), threadIds(calls)];
  const byProcess = callsByProcess(calls);
  return [...byProcess]
    .filter(([key]) => !threads.has(key))
    .flatMap(([key, own]) => {
      const [first] = own;
      if (first === undefined) return [];
      const { host, program, pid } = first;
      const birth = born.get(key);
      const started = events.find((event) => event.kind === 'program-started' && event.program === program);
      const ended = processEvents.find((event) => event.kind === 'exit' && keyOf(event) === key);
      const exitCall = own.find(({ name }) => name === 'exit_group');
      const until = exitCall?.at ?? ended?.at;
      const parentEnd = birth && byProcess.get(keyOf({ host, pid: birth.parent }))?.at(-1)?.at;
      const told = reaped.get(key) ?? parentEnd;
      return [
        {
          ...{ host, program, pid, parent: birth?.parent },
          from: Math.min(first.at, birth?.at ?? started?.at ?? first.at) - zero,
          until: until === undefined ? undefined : until - zero,
          reaped: told === undefined ? undefined : told - zero,
          ...(ended?.kind === 'exit' ? { code: ended.code, signal: ended.signal } : {}),
          waits: waitsOf(own, zero),
        },
      ];
    });
}

/** Calls that the kernel answers at once: where one took long, its process waited for the tracer or a processor. */
const neverWait = /^(getsockname|getpeername|[gs]etsockopt|socket|socketpair|pipe2?|bind|listen|dup[23]?|exit.*)$/;

const waitsOf = (calls: readonly TracedCall[], zero: number): ProcessTrack['waits'] =>
  calls
    .filter(
      ({ took, result, name }) =>
        (took === undefined ? result === undefined : took > waitedFrom) && !neverWait.test(name),
    )
    .map((call) => [call.at - zero, call.took === undefined ? undefined : call.at + call.took - zero, waitText(call)]);

/** Programs without recorded calls: what the run itself knows of their start and end. */
function untracedPrograms({ run, calls, events }: Report, zero: number): ProcessTrack[] {
  const traced = new Set(calls.map(({ program }) => program));
  return run.programs
    .filter(({ name }) => !traced.has(name))
    .flatMap(({ name, host }): ProcessTrack[] => {
      const started = events.find((event) => event.kind === 'program-started' && event.program === name);
      const ended = events.find((event) => event.kind === 'program-ended' && event.program === name);
      if (started?.kind !== 'program-started') return [];
      return [
        {
          ...{ host, program: name, pid: started.pid, from: started.at - zero, waits: [] },
          until: ended && ended.at - zero,
        },
      ];
    });
}

/** All processes of the run's programs, parents before children where both began at once. */
export function processTracks(report: Report, zero: number): ProcessTrack[] {
  return [...tracedProcesses(report, zero), ...untracedPrograms(report, zero)].sort((a, b) => a.from - b.from);
}
