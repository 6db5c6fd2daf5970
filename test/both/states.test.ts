// The states, queues and owners that the analysis tells, held against what ss shows again and again while they change.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { endpointText } from '../../labctl/model/endpoint.ts';
import type { SocketRow } from '../../labctl/model/look.ts';
import type { Report, SocketHistory } from '../../labctl/model/report.ts';
import { type RunLab, runLab } from '../run-lab.ts';
import { actor, told } from '../socket-actor.ts';
import { type Sample, samplesOf, sampling } from '../ss-sampler.ts';

/**
 * How far a capture's or strace's stamp may be off from the kernel's own change, in microseconds; ss itself takes a few
 * milliseconds, which each sample says.
 */
const tolerance = 10_000;

const pair = (a: string, b: string): string => `${a} ${b}`;

const rowKey = ({ state, local, peer }: SocketRow): string =>
  state === 'LISTEN' ? `listen ${local.port}` : pair(endpointText(local), endpointText(peer));

function historyKey({ side, local, conversation }: SocketHistory, { conversations }: Report): string {
  if (side === 'listener') return `listen ${local.port}`;
  const both = conversations[conversation ?? -1];
  const other = side === 'initiator' ? both?.responder : both?.initiator;
  return pair(endpointText(local), other ? endpointText(other.endpoint) : '?');
}

/** Every value that holds at some moment of a stretch, and the one at its beginning. */
function during<T>(changes: readonly { at: number; value: T }[], before: T, from: number, until: number): T[] {
  const held = changes.findLast(({ at }) => at <= from)?.value ?? before;
  return [held, ...changes.filter(({ at }) => at > from && at <= until).map(({ value }) => value)];
}

const statesIn = ({ changes }: SocketHistory, from: number, until: number): string[] =>
  during(
    changes.map(({ at, state }) => ({ at, value: state as string })),
    'CLOSED',
    from - tolerance,
    until + tolerance,
  );

/** Processes that one side has among the owners all the time, and the other not at all. */
function ownerDifferences({ owners: shown, state }: SocketRow, { owners }: SocketHistory, from: number, until: number) {
  // What the kernel keeps of a socket in TIME-WAIT has no file, even while a process has the closed socket open.
  if (state === 'TIME-WAIT') return [];
  const pids = new Set(shown.map(({ pid }) => pid));
  const at = (owner: SocketHistory['owners'][number], begin: number, end: number): boolean =>
    owner.from <= begin && (owner.until ?? Infinity) >= end;
  const possible = owners.filter((owner) => at(owner, until + tolerance, from - tolerance)).map(({ pid }) => pid);
  const certain = owners.filter((owner) => at(owner, from - tolerance, until + tolerance)).map(({ pid }) => pid);
  const wrong = [...pids].filter((pid) => !possible.includes(pid)).map((pid) => `ss owner ${pid} of ${state}`);
  return [...wrong, ...certain.filter((pid) => !pids.has(pid)).map((pid) => `our owner ${pid} of ${state}`)];
}

/** What a sample shows otherwise than the report: states, owners, sockets that are missing on either side, queues. */
function differences(sample: Sample, report: Report): string[] {
  const { host, from, until, rows } = sample;
  const found: string[] = [];
  const histories = report.states.filter((one) => one.host === host);
  for (const row of rows) {
    const mine = histories.filter((one) => historyKey(one, report) === rowKey(row));
    const states = mine.flatMap((one) => statesIn(one, from, until));
    if (!states.includes(row.state)) found.push(`${host}: ss ${rowKey(row)} ${row.state}, we ${states.join(' ')}`);
    const [only] = mine;
    if (only && mine.length === 1)
      found.push(...ownerDifferences(row, only, from, until).map((text) => `${host} ${rowKey(row)}: ${text}`));
    const listener = only;
    if (row.state !== 'LISTEN' || !listener) continue;
    const lengths = during(
      (listener.queue ?? []).map(({ at, length }) => ({ at, value: length })),
      0,
      from - tolerance,
      until + tolerance,
    );
    if (!lengths.includes(row.receiveQueue))
      found.push(`${host}: ss queue ${row.receiveQueue}, we ${lengths.join(' ')}`);
    if (listener.backlog !== row.sendQueue) found.push(`${host}: ss backlog ${row.sendQueue}, we ${listener.backlog}`);
  }
  const shown = new Set(rows.map(rowKey));
  for (const history of histories) {
    const states = statesIn(history, from, until);
    const key = historyKey(history, report);
    if (!states.includes('CLOSED') && !shown.has(key)) found.push(`${host}: ss has no ${key}, we ${states.join(' ')}`);
  }
  return found;
}

describe('beside ss', () => {
  let lab: RunLab;
  beforeAll(async () => {
    lab = await runLab('states');
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  async function sampled(name: string, lines: string): Promise<{ report: Report; samples: Sample[] }> {
    // Kernel state of earlier runs must not be there.
    await lab.engine.down(lab.lab.name);
    await lab.engine.up(lab.lab);
    const hosts = await Promise.all(['server', 'client1'].map((host) => lab.engine.host(lab.lab.name, host)));
    await Promise.all(hosts.map((host) => host.exec(['sh', '-c', 'cat >/work/actor.py'], { input: actor })));
    const scenario = await lab.writeSteps(name, told(lines));
    const running = await Promise.all(hosts.map(sampling));
    const { run, failure } = await lab.run(scenario);
    for (const { program } of running) program.stdin.end();
    const texts = await Promise.all(running.map(({ text }) => text));
    expect(failure).toBeUndefined();
    const report = analyse(run);
    const covered = (sample: Sample) =>
      sample.from > report.run.started && sample.until < (report.moments.at(-1)?.at ?? 0);
    return {
      report,
      samples: hosts.flatMap(({ name: host }, place) => samplesOf(host, texts[place] ?? '')).filter(covered),
    };
  }

  const seenStates = (samples: readonly Sample[]): Set<string> =>
    new Set(samples.flatMap(({ rows }) => rows.map(({ state }) => state)));

  it.each([
    [
      'opens, half-closes, closes from either side, aborts',
      `s listen l 5000 2
       c connect a server 5000
       c connect b server 5000
       wait server port: 5000, queued: 2
       c pause 0.03
       s accept l a
       s accept l b
       c send a 10
       s recv a
       c half a
       c pause 0.03
       s send a 10
       s close a
       c recv a
       c close a
       s close b
       c pause 0.03
       c close b
       c connect d server 5000
       s accept l d
       s fork d
       s close d
       c pause 0.03
       c close d
       c connect e server 5000
       s accept l e
       c abort e
       s close e
       s close l
       c connect f server 5000
       c pause 0.03`,
      ['LISTEN', 'ESTABLISHED', 'FIN-WAIT-2', 'CLOSE-WAIT', 'TIME-WAIT'],
    ],
    [
      'waits in every state for what the wire takes',
      `s listen l 5000 2
       wire { rule: first, drop: syn, from: client1 }
       c connect a server 5000 now
       wait client1 port: 5000, state: SYN-SENT
       c pause 0.1
       wire { remove: first }
       wire { rule: third, drop: ack, from: client1 }
       wait client1 port: 5000, state: ESTABLISHED
       c pause 0.1
       wire { remove: third }
       s accept l a
       wire { rule: both, cut: [client1, server] }
       c close a
       wait client1 port: 5000, state: FIN-WAIT-1
       s close a
       wait server port: 5000, state: FIN-WAIT-1
       wire { remove: both }
       wait client1 port: 5000, state: TIME-WAIT
       c connect b server 5000
       s accept l b
       c close b
       wire { rule: last, cut: [client1, server] }
       s close b
       wait server port: 5000, state: LAST-ACK
       s pause 0.1
       wire { remove: last }
       wire { rule: never, cut: [client1, server] }
       c connect d server 5000 now
       wait client1 port: 5000, state: SYN-SENT
       c pause 0.1
       c close d
       c pause 0.03
       wire { remove: never }`,
      ['SYN-SENT', 'SYN-RECEIVED', 'FIN-WAIT-1', 'LAST-ACK', 'FIN-WAIT-2', 'TIME-WAIT'],
    ],
    [
      'fills the accept queue until a handshake cannot complete',
      `s listen l 5000 1
       c connect a server 5000
       wire { rule: third, drop: ack, from: client1, nth: 1 }
       c connect b server 5000
       c connect d server 5000
       wait server port: 5000, queued: 2
       wire { remove: third }
       c pause 1.2
       s accept l a
       s accept l d
       s accept l b
       c pause 0.03
       s close a
       c close a`,
      ['LISTEN', 'ESTABLISHED', 'SYN-RECEIVED'],
    ],
  ])('%s', async (name, lines, states) => {
    const { report, samples } = await sampled(name.replaceAll(/\W+/g, '-'), lines);
    expect(samples.length).toBeGreaterThan(20);
    expect(samples.flatMap((sample) => differences(sample, report))).toEqual([]);
    const seen = seenStates(samples);
    expect(states.filter((state) => !seen.has(state))).toEqual([]);
  });
});
