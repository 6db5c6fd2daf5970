// Rules on the wire, on both engines: what they lose, how they are read back, and that nothing of them stays.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import type { Passage, Report } from '../../labctl/model/report.ts';
import { packetKinds } from '../../labctl/model/wire.ts';
import { packageRoot } from '../../labctl/root.ts';
import { WireRules } from '../../labctl/run/wire.ts';
import { engineUnderTest, labName } from '../engine-under-test.ts';
import { expectInstantsAsLooksSaid } from '../instants.ts';
import { cli } from '../labctl.ts';
import { type RunLab, runLab, tool } from '../run-lab.ts';

const server = '  - { start: s, on: server, run: server, until: { listens: 5000 } }\n';
const client = '  - { start: c, on: client1, run: client, until: { prints: connected } }\n';
const end = '  - { close: c }\n  - { exit: c }\n';
const line = (text: string): string => `  - { type: ${text}, into: c }\n  - { answer: ${text}, from: c }\n`;

describe('the wire', () => {
  const engine = engineUnderTest ?? 'docker';
  let lab: RunLab;
  beforeAll(async () => {
    lab = await runLab('wire');
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  const reported = async (name: string, steps: string, wire = '', hosts?: string): Promise<Report> => {
    const scenario = await lab.writeSteps(name, `${steps}${wire && `wire:\n${wire}`}`, hosts);
    const { failure, run } = await lab.run(scenario);
    expect(failure).toBeUndefined();
    return analyse(run);
  };
  const lost = ({ passages }: Report): Passage[] => passages.filter((one) => one.lost);
  const texts = (passages: readonly Passage[]) => passages.map(({ from, tcp }) => `${from} ${tcp?.flags ?? 'other'}`);
  /** Tables of labctl's, where the bridges of this lab are. */
  const tables = async (): Promise<string> => {
    if (engine === 'docker') return await tool('nft', 'list', 'tables', 'bridge');
    const wire = await lab.engine.wire(lab.lab.name, []);
    const { stdout } = await wire.exec(['nft', 'list', 'tables']);
    await wire.release();
    return stdout;
  };
  /** Queues of labctl's at the server's links. */
  const queues = async (): Promise<string[]> => {
    const wire = await lab.engine.wire(lab.lab.name, ['server']);
    const shown = await Promise.all(wire.ports.map(({ port }) => wire.exec(['tc', 'qdisc', 'show', 'dev', port])));
    await wire.release();
    expect(shown).toHaveLength(2);
    return shown.flatMap(({ stdout }) => stdout.match(/tbf|netem/g) ?? []);
  };
  const mine = `labctl-${labName('wire')}`;

  it.each(['lost-syn', 'lost-data', 'lost-ack', 'fast-retransmit', 'cut-link'])(
    'the lesson %s is met',
    async (name) => {
      const { failure, run } = await lab.run(lab.scenario(name));
      expect(failure).toBeUndefined();
      const { verdicts, verdict, passages } = analyse(run);
      expect(
        verdicts.filter((one) => one.verdict !== 'met').map(({ expectation, seen }) => [expectation.id, seen.en]),
      ).toEqual([]);
      expect(verdict).toBe('met');
      for (const passage of passages.filter((one) => one.lost)) expect(passage.takenBy).toBeDefined();
      if (name === 'lost-data' || name === 'cut-link') expectInstantsAsLooksSaid(run);
    },
  );

  it('loses the first SYN, and the next one passes', async () => {
    const wire = '  - { rule: first, drop: syn, from: client1, to: server, nth: 1 }\n';
    const report = await reported('syn', server + client + end, wire);
    expect(texts(lost(report))).toEqual(['client1 S']);
    expect(lost(report)[0]?.takenBy).toEqual({ rule: 'first', matched: 1 });
    expect(report.run.wire).toEqual([{ rule: 'first', hit: 1, passed: 2 }]);
    expect(report.passages.some(({ tcp }) => tcp?.repeats?.passage === lost(report)[0]?.number)).toBe(true);
    expect(report.verdict).toBe('met');
  });

  it('counts data segments, and nothing else, in one direction', async () => {
    const wire = '  - { rule: third, drop: data, from: client1, to: server, nth: 3 }\n';
    const report = await reported('data', server + client + line('a') + line('b') + line('c') + line('d') + end, wire);
    const [taken, ...more] = lost(report);
    expect(more).toEqual([]);
    expect(Buffer.from(taken?.packet.payload ?? []).toString()).toBe('c\n');
    expect(report.run.wire?.[0]).toMatchObject({ hit: 1, passed: 5 });
  });

  it('loses every fourth datagram of a burst, two by their places, and a random share', async () => {
    const say = `import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); [s.sendto(b"%d" % i, ("server", 5000)) for i in range(40)]`;
    const burst = `  - { start: u, on: server, run: udp-server, until: { listens: 5000 } }\n  - { start: p, on: client1, run: [python3, -c, '${say}'] }\n  - { exit: p }\n`;
    const lostOf = async (which: string): Promise<number[]> => {
      const report = await reported(
        'burst',
        burst,
        `  - { rule: some, drop: udp, from: client1, to: server, port: 5000, ${which} }\n`,
      );
      const sent = report.passages.filter(({ from, udp }) => from === 'client1' && udp?.destinationPort === 5000);
      expect(sent).toHaveLength(40);
      return sent.flatMap((one, place) => (one.lost ? [place] : []));
    };
    expect(await lostOf('every: 4')).toEqual([3, 7, 11, 15, 19, 23, 27, 31, 35, 39]);
    expect(await lostOf('nth: [2, 40]')).toEqual([1, 39]);
    // The first places of seed 7, as the unit test has them.
    expect(await lostOf('random: { percent: 20, seed: 7 }')).toEqual([2, 14, 18, 21, 22, 29, 37]);
  });

  it('loses each ACK for half a second', async () => {
    const steps = `${server}${client}  - wire: [{ rule: acks, drop: ack, from: server, to: client1, for: 500ms }]\n${line('a')}${line('b')}${end}`;
    const report = await reported('acks', steps);
    const gone = lost(report);
    expect(gone.length).toBeGreaterThan(0);
    for (const { from, tcp } of gone) expect([from, tcp?.flags, tcp?.length]).toEqual(['server', '.', 0]);
    const laid = report.events.find(({ kind }) => kind === 'rule-added')?.at ?? 0;
    expect((gone.at(-1)?.at ?? 0) - laid).toBeLessThan(520_000);
  });

  it('cuts a cable and heals it while the scenario runs', async () => {
    const steps = `${server}${client}${line('a')}  - wire: [{ cut: client1 }]\n  - { type: b, into: c }\n  - { silence: 300ms, from: c }\n  - wire: [{ heal: client1 }]\n  - { answer: b, from: c }\n${end}`;
    const report = await reported('cut', steps);
    expect(lost(report).length).toBeGreaterThan(0);
    for (const { takenBy } of lost(report)) expect(takenBy?.rule).toBe('cut-client1');
    const healed = report.events.find((event) => event.kind === 'rule-removed');
    expect(healed).toMatchObject({ rule: 'cut-client1', hit: report.run.wire?.[0]?.hit });
  });

  it('takes ARP too when a cable is cut: nobody is asked, nothing is sent', async () => {
    // A neighbour that is still known gets a SYN before anybody asks for its address.
    const client2 = await lab.engine.host(lab.lab.name, 'client2');
    expect(await client2.exec(['ip', 'neigh', 'flush', 'all'], { user: '0' })).toMatchObject({ exitCode: 0 });
    const steps = `${server}  - { start: c, on: client2, run: client }\n  - { exit: c, code: 1, within: 10s }\n`;
    const report = await reported('unplugged', steps, '  - { cut: client2 }\n', '[server, client2]');
    expect(report.conversations).toEqual([]);
    expect(report.run.wire?.[0]?.hit).toBeGreaterThan(0);
    expect(report.passages.some(({ arp, from, arrived }) => arp && from === 'client2' && !arrived)).toBe(true);
    expect(report.events.some((event) => event.kind === 'output' && event.text.includes('No route to host'))).toBe(
      true,
    );
  });

  it('has every kind of rule loaded as it was meant', async () => {
    const rules = packetKinds.flatMap((kind) => [
      `  - { rule: a-${kind}, drop: ${kind}, from: client1, to: server, nth: [1, 3] }`,
      `  - { rule: b-${kind}, drop: ${kind}, to: server, port: 5000, every: 4, for: 90s }`,
      `  - { rule: c-${kind}, drop: ${kind}, random: { percent: 20, seed: 7 } }`,
    ]);
    const wire = `wire:\n${rules.join('\n')}\n  - { cut: [client1, server] }\n  - { rule: drop, cut: client2 }\n`;
    const scenario = await lab.writeSteps('kinds', server + wire, '[server, client1, client2]');
    const held = await WireRules.open(lab.engine, lab.lab.name, scenario);
    for (const rule of scenario.wire ?? []) await held?.change(rule, () => undefined);
    expect(await held?.counts()).toHaveLength(rules.length + 2);
    for (const { rule } of scenario.wire ?? [])
      await held?.change({ kind: 'remove', place: { file: '', line: 1, col: 1 }, remove: rule }, () => undefined);
    await held?.release();
  });

  it('slows a link down', async () => {
    const bulk = `  - { start: c, on: client1, run: [sh, -c, "head -c 100000 /dev/zero | tr '\\\\0' '\\\\n' | client"] }\n  - { exit: c, code: 0, within: 30s }\n`;
    const wire = '  - { rule: slow, rate: 1mbit, to: server, queue: 2s }\n';
    const report = await reported('rate', server + bulk, wire);
    const [conversation] = report.conversations;
    const took = ((conversation?.end ?? 0) - (conversation?.start ?? 0)) / 1e6;
    // 100,000 bytes and their headers, less what the bucket holds at first, at 125,000 bytes a second.
    expect(took).toBeGreaterThan(0.7);
    expect(took).toBeLessThan(2.5);
    expect(report.run.wire?.[0]?.hit).toBeGreaterThan(60);
  });

  it('refuses a delay before anything starts where the kernel has no netem', async () => {
    const wire = 'wire:\n  - { rule: far, delay: 20ms, to: server }\n';
    const scenario = await lab.writeSteps('delay', server + client + end + wire);
    const runs = () => (existsSync(lab.runsFolder) ? readdirSync(join(lab.runsFolder, lab.lab.name)).sort() : []);
    const before = runs();
    const outcome = await lab.run(scenario).then(
      ({ run }) => analyse(run).conversations[0]?.initialRtt ?? 0,
      (error: Error) => error.message,
    );
    if (typeof outcome === 'number') expect(outcome).toBeGreaterThan(20_000);
    else expect([outcome, runs()]).toEqual(['this kernel has no netem, which "delay" needs', before]);
  });

  it('cannot be observed when a rule met nothing', async () => {
    const report = await reported('idle', server + client + end, '  - { rule: idle, drop: udp, to: client1 }\n');
    expect([report.verdict, report.run.wire]).toEqual(['not-observable', [{ rule: 'idle', hit: 0, passed: 0 }]]);
  });

  it('takes a rule away at the end of the run, and holds the wire for one run at a time', async () => {
    const wire = 'wire:\n  - { rule: first, drop: syn, from: client1, to: server, nth: 1 }\n';
    const scenario = await lab.writeSteps('held', server + wire);
    const held = await WireRules.open(lab.engine, lab.lab.name, scenario);
    for (const rule of scenario.wire ?? []) await held?.change(rule, () => undefined);
    await expect(lab.run(scenario)).rejects.toThrow('another run holds the wire');
    if (engine === 'docker') expect(await tables()).toContain(mine);
    await held?.release();
    expect(await tables()).not.toContain(mine);
  });

  it('two labs with rules at once do not disturb each other', async () => {
    const other = await runLab('wire2');
    try {
      const wire = (place: number) =>
        `wire:\n  - { rule: one, drop: data, from: client1, to: server, nth: ${place} }\n`;
      const steps = server + client + line('a') + line('b') + line('c') + end;
      const runs = await Promise.all([
        lab.run(await lab.writeSteps('one', steps + wire(1))),
        other.run(await other.writeSteps('two', steps + wire(3))),
      ]);
      const payloads = runs.map(({ run }) =>
        lost(analyse(run)).map(({ packet }) => Buffer.from(packet.payload).toString()),
      );
      expect(payloads).toEqual([['a\n'], ['c\n']]);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('nothing of the rules is left when labctl gets %s', async (signal) => {
    const scenario = await lab.writeSteps(
      'killed',
      `${server}  - { silence: 60s, from: s }\nwire:\n  - { rule: all, drop: packet, from: client1 }\n  - { rule: slow, rate: 1mbit, to: server }\n`,
    );
    const child = spawn(process.execPath, [cli, '--engine', engine, '--lab', lab.lab.name, 'run', scenario.file], {
      cwd: packageRoot,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    for await (const text of child.stderr.setEncoding('utf8')) if (String(text).includes('nothing for 60 s')) break;
    if (engine === 'docker') expect(await tables()).toContain(mine);
    child.kill(signal);
    await ended;
    if (engine === 'docker') await expect.poll(tables, { timeout: 1000 }).not.toContain(mine);
    else {
      const held = () =>
        lab.engine.wire(lab.lab.name, []).then(
          (wire) => wire.release().then(() => false),
          () => true,
        );
      await expect.poll(held, { timeout: 1000 }).toBe(false);
      expect(await tables()).not.toContain(mine);
    }
    expect(await queues()).toEqual([]);
    const report = await reported(
      'after',
      server + client + end,
      '  - { rule: first, drop: syn, from: client1, nth: 1 }\n',
    );
    expect(report.run.wire?.[0]?.hit).toBe(1);
  });

  it('tells that the rules are lost when their helper is killed, and the next labctl cleans up', async () => {
    if (engine !== 'docker') return;
    const steps = `${server}  - { silence: 60s, from: s }\nwire:\n  - { rule: all, drop: packet, from: client1 }\n`;
    const running = lab.run(await lab.writeSteps('helperless', steps), {
      onEvent: (event) => {
        if (event.kind === 'rule-added') void tool('docker', 'kill', `${lab.lab.name}__wire_1`);
      },
    });
    const { failure, record } = await running;
    expect([failure?.message, record.outcome]).toEqual([
      'the rules of the wire are lost: what held them has ended',
      'engine-failed',
    ]);
    expect(await tables()).toContain(mine);
    await lab.engine.find(lab.lab.name);
    expect(await tables()).not.toContain(mine);
  });

  it('down takes the rules of a run away that still goes on', async () => {
    const scenario = await lab.writeSteps('downed', `${server}wire:\n  - { rule: all, drop: packet, from: client1 }\n`);
    const held = await WireRules.open(lab.engine, lab.lab.name, scenario);
    for (const rule of scenario.wire ?? []) await held?.change(rule, () => undefined);
    await lab.engine.down(lab.lab.name);
    if (engine === 'docker') {
      expect(await tables()).not.toContain(mine);
      const filter = `label=labctl.wire=${lab.lab.name}`;
      expect(await tool('docker', 'ps', '-aq', '--filter', filter)).toBe('');
    }
    await held?.release();
    await lab.engine.up(lab.lab);
  });
});
