import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readRun } from '../../labctl/folder/read-run.ts';
import { listRuns } from '../../labctl/folder/runs.ts';
import { LabError } from '../../labctl/model/lab-error.ts';
import { flagText } from '../../labctl/model/packet.ts';
import type { RunEvent } from '../../labctl/model/run.ts';
import { packageRoot } from '../../labctl/root.ts';
import { endFirstProgram } from '../engine-lab.ts';
import { engineUnderTest, labName } from '../engine-under-test.ts';
import { type DoneRun, type RunLab, runLab, tool } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('fail');
});
afterAll(() => lab[Symbol.asyncDispose]());

const failed = ({ events }: DoneRun) => events.find((event) => event.kind === 'step-failed');

/** A run of these steps, which is expected to end early and to leave nothing in the hosts. */
async function runOf(name: string, steps: string): Promise<DoneRun> {
  const run = await lab.run(await lab.writeSteps(name, steps));
  expect(await lab.leftovers()).toEqual([]);
  expect(existsSync(join(run.folder, 'server.pcapng'))).toBe(true);
  return run;
}

describe('a step that does not come true', () => {
  it('says at once that a program does not exist', async () => {
    const run = await runOf('no-program', '  - { start: p, on: server, run: nosuch, until: { listens: 5000 } }\n');
    expect(run.record.outcome).toBe('step-failed');
    expect(failed(run)).toMatchObject({
      awaited: 'p listens on port 5000',
      seen: 'p ended with code 127; it printed "nosuch: there is no such program"',
      place: expect.stringMatching(/no-program\.yml:5:\d+$/),
    });
  });

  it('says at once that a program ended early, with its last words', async () => {
    const run = await runOf('early', '  - { start: p, on: client1, run: client, until: { connected: 5000 } }\n');
    expect(failed(run)?.seen).toMatch(/^p ended with code 1; it printed ".*[Cc]onnection refused/);
  });

  it('says what was awaited and what was seen when nothing answers', async () => {
    const run = await runOf(
      'mute',
      `  - { start: s, on: server, run: [sleep, '60'] }
  - { start: c, on: client1, run: cat }
  - { type: hello, into: c }
  - { answer: good-bye, from: c, within: 300ms }
`,
    );
    expect(failed(run)).toMatchObject({ awaited: 'c prints "good-bye" within 0.3 s', seen: 'it printed "hello"' });
    expect(run.run.events.at(-1)?.kind).toBe('recording-stopped');
  });

  it('says which sockets were there instead', async () => {
    const run = await runOf(
      'sockets',
      `  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { wait: { port: 5000, state: ESTABLISHED, count: 2 }, on: server, within: 200ms }
`,
    );
    expect(failed(run)).toMatchObject({
      awaited: 'server has 2 ESTABLISHED sockets on port 5000 within 0.2 s',
      seen: 'tcp LISTEN 0.0.0.0:5000 (0 queued)',
    });
  });

  it('says what broke a silence', async () => {
    const run = await runOf(
      'noise',
      "  - { start: c, on: client1, run: [sh, -c, 'sleep 0.2; echo oops'] }\n  - { silence: 5s, from: c }\n",
    );
    expect(failed(run)).toMatchObject({ awaited: 'c prints nothing for 5000 ms', seen: '"oops\\n"' });
  });

  it('says with which code a program ended instead', async () => {
    const run = await runOf('code', '  - { start: c, on: client1, run: [sh, -c, exit 3] }\n  - { exit: c, code: 0 }\n');
    expect(failed(run)).toMatchObject({
      awaited: 'c ends with code 0',
      seen: 'c ended with code 3; it printed nothing',
    });
  });
});

describe('a program that behaves badly', () => {
  it('may print without end: the beginning is kept, the rest is counted', async () => {
    const run = await runOf(
      'flood',
      "  - { start: y, on: client1, run: [sh, -c, 'yes | head -c 9000000'], trace: false }\n  - { exit: y, within: 30s }\n",
    );
    expect(run.record.outcome).toBe('complete');
    expect(run.events.find((event) => event.kind === 'output-cut')).toMatchObject({ program: 'y', bytes: 8_000_000 });
    expect(await readFile(join(run.folder, 'output/y.stdout'))).toHaveLength(1_000_000);
  });

  it('may ignore every polite signal, and leave children behind', async () => {
    const stubborn = "trap '' TERM INT; echo ready; setsid sleep 600 & sleep 601 & while :; do sleep 0.1; done";
    const run = await runOf(
      'stubborn',
      `  - { start: p, on: client1, run: [sh, -c, "${stubborn}"], until: { prints: ready } }\n`,
    );
    expect(run.record.outcome).toBe('complete');
    expect(run.events.find((event) => event.kind === 'program-ended')).toMatchObject({ code: 137 });
    const host = await lab.engine.host(lab.lab.name, 'client1');
    expect((await host.exec(['pgrep', '-f', 'sleep 60[01]'])).stdout).toBe('');
  });

  it('may end while a child holds its output open', async () => {
    const run = await runOf(
      'orphan',
      `  - { start: p, on: client1, run: [sh, -c, "sleep 600 & echo away; exit 5"] }
  - { exit: p, code: 5, within: 3s }
`,
    );
    expect(run.failure).toBeUndefined();
  });
});

/** Takes all the room that the recorder's user may have in pipes, pipe(7), and keeps it until its input ends. */
const pipesFull = `
import fcntl, os, sys
pipes = []
try:
    for _ in range(400):
        pipes.append(os.pipe())
        fcntl.fcntl(pipes[-1][1], fcntl.F_SETPIPE_SZ, 1 << 20)
except OSError:
    pass
print('full', flush=True)
sys.stdin.read()
`;

describe('a machine with many recorders', () => {
  it('records on where there is no more room for pipes', async () => {
    const host = await lab.engine.host(lab.lab.name, 'client2');
    const hoarder = await host.spawn(['python3', '-c', pipesFull], { user: '0' });
    const chunks = hoarder.output[Symbol.asyncIterator]();
    await chunks.next();
    const steps = `  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { look: [server] }
`;
    const { failure, record } = await lab.run(await lab.writeSteps('no-room', steps));
    hoarder.stdin.end();
    await hoarder.exitCode;
    expect([failure, record.outcome]).toEqual([undefined, 'complete']);
  });
});

describe('a run that cannot begin', () => {
  it('names the lab that is not up, and leaves no folder', async () => {
    const other = { ...lab.lab, name: labName('nosuch') };
    const before = await listRuns(lab.runsFolder);
    await expect(lab.run(lab.scenario('first-client'), { lab: other })).rejects.toThrow(
      `"${labName('nosuch')}" is not up`,
    );
    expect(await listRuns(lab.runsFolder)).toEqual(before);
  });

  it('names a host that the lab does not have, and stops the recorders of the others', async () => {
    const scenario = { ...lab.scenario('first-client'), hosts: ['server', 'nobody'] };
    await expect(lab.run(scenario)).rejects.toThrow(LabError);
    await expect(lab.run(scenario)).rejects.toThrow(/nobody/);
    expect(await lab.leftovers()).toEqual([]);
  });
});

const waiting = `  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: client, until: { prints: connected } }
  - { name: long, silence: 60s, from: c }
`;

describe('an interrupted run', () => {
  it('keeps what was recorded, readable and whole', async () => {
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'step-began' && event.name === 'long') controller.abort('SIGINT');
    };
    const run = await lab.run(await lab.writeSteps('interrupted', waiting), { signal: controller.signal, onEvent });
    expect(run.record.outcome).toBe('interrupted');
    expect(run.failure).toBeUndefined();
    expect(run.events.find((event) => event.kind === 'stopped')).toBeDefined();
    const flags = await tool(
      'tshark',
      '-r',
      join(run.folder, 'client1.pcapng'),
      '-Y',
      'tcp',
      '-T',
      'fields',
      '-e',
      'tcp.flags.str',
    );
    expect(flags.match(/S/g)).toHaveLength(2);
    expect(flags.match(/F/g)).toHaveLength(2);
    expect(await lab.leftovers()).toEqual([]);
  });
});

describe('a second run on the same hosts', () => {
  it('is told which run is there, whether it would make the hosts anew or only record them; the first goes on', async () => {
    const controller = new AbortController();
    const others: Promise<unknown>[] = [];
    const second = await lab.writeSteps('second', '  - { look: [client1] }\n', '[client1, client2]');
    const tuned = {
      ...second,
      sysctls: { client1: { 'net.ipv4.tcp_fin_timeout': { value: '30', 'where-known': false } } },
    };
    const onEvent = (event: RunEvent) => {
      if (event.kind !== 'step-began' || event.name !== 'long') return;
      const refused = [lab.run(second), lab.run(tuned)].map((run) => run.catch((error: unknown) => error));
      others.push(...refused);
      void Promise.all(refused).finally(() => controller.abort('SIGINT'));
    };
    const first = await lab.run(await lab.writeSteps('first', waiting), { signal: controller.signal, onEvent });
    const told = `another run is at work on this host: the run of first by the labctl with pid ${process.pid}`;
    for (const error of await Promise.all(others))
      expect(error).toMatchObject({ kind: 'usage', where: 'host client1', message: expect.stringContaining(told) });
    expect([others.length, first.record.outcome, first.failure]).toEqual([2, 'interrupted', undefined]);
  });
});

describe('a host that dies while it is recorded', () => {
  it('ends the run; what was recorded until then is kept', async () => {
    const killed: Promise<void>[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'step-began' && event.name === 'long')
        killed.push(endFirstProgram(lab.engine, lab.lab.name, 'client1'));
    };
    const run = await lab.run(await lab.writeSteps('died', waiting), { onEvent });
    await Promise.all(killed);
    expect(run.record.outcome).toBe('engine-failed');
    const message = expect.stringContaining('this host has ended');
    expect(run.failure).toMatchObject({ kind: 'engine', where: 'host client1', message });
    for (const host of ['server', 'client1']) {
      const syns = run.run.packets.filter(
        ({ tcp, point }) => point.host === host && tcp && flagText(tcp.flags).startsWith('S'),
      );
      expect(syns).toHaveLength(2);
    }
    await lab.engine.up(lab.lab);
    expect(await lab.leftovers()).toEqual([]);
  });
});

describe('kill -9 of labctl', () => {
  it('leaves nothing in the hosts within a second, and a folder that can be read', async () => {
    const scenario = await lab.writeSteps('killed', waiting);
    const before = new Set((await listRuns(lab.runsFolder)).map(({ folder }) => folder));
    const child = spawn(process.execPath, ['--input-type=module', '-e', childProgram(scenario.file)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await said(child, 'long');
    await vi.waitFor(async () => {
      const [run] = (await listRuns(lab.runsFolder)).filter(({ folder }) => !before.has(folder));
      // The file header and three segments of a handshake, each with its record header.
      expect((await stat(join(run?.folder ?? '', 'raw/client1/eth0.pcap'))).size).toBeGreaterThan(24 + 3 * (16 + 54));
      // What is said is not yet written, and calls come by another way than packets.
      expect(await readFile(join(run?.folder ?? '', 'events.jsonl'), 'utf8')).toContain('"long"');
      expect(await readFile(join(run?.folder ?? '', 'calls/c.strace'), 'utf8')).toMatch(/connect\(.*= 0/);
    }, 10_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await vi.waitFor(async () => expect(await lab.leftovers()).toEqual([]), { timeout: 1000, interval: 20 });

    const [run] = (await listRuns(lab.runsFolder)).filter(({ folder }) => !before.has(folder));
    expect(run).toMatchObject({ finished: false, scenario: 'killed' });
    const read = await readRun(run?.folder ?? '');
    expect(read.record.outcome).toBe('interrupted');
    expect(read.packets.filter(({ tcp, point }) => tcp && point.host === 'client1').length).toBeGreaterThanOrEqual(3);
    expect(read.calls.some((call) => call.kind === 'call' && call.name === 'connect')).toBe(true);
    expect(read.events.some((event) => event.kind === 'step-began' && event.name === 'long')).toBe(true);
    expect(await readdir(join(run?.folder ?? '', 'raw'))).toEqual(['client1', 'server']);
  });
});

/** The compiled labctl in a process of its own, which says each step that begins. */
const childProgram = (file: string): string => `
  const dist = ${JSON.stringify(join(packageRoot, 'dist/labctl'))};
  const { readFileSync } = await import('node:fs');
  const [{ openEngines }, { readCompose }, { readScenario }, { runScenario }] = await Promise.all(
    ['engine/choose.js', 'plan/compose.js', 'plan/scenario.js', 'run/run.js'].map((path) => import(dist + '/' + path)));
  const compose = ${JSON.stringify(lab.lab.file)};
  const lab = readCompose(readFileSync(compose, 'utf8'), compose, ${JSON.stringify(lab.lab.name)});
  const file = ${JSON.stringify(file)};
  const scenario = readScenario(readFileSync(file, 'utf8'), file, lab);
  const onEvent = (event) => { if (event.kind === 'step-began') console.log(event.name ?? event.verb); };
  const [engine] = await openEngines(process.env, ${JSON.stringify(engineUnderTest)});
  await runScenario({ engine, lab, scenario, runsFolder: ${JSON.stringify(lab.runsFolder)}, onEvent });
`;

async function said(child: ChildProcess, word: string): Promise<void> {
  for await (const chunk of child.stdout ?? []) if (String(chunk).includes(word)) return;
  throw new Error(`the child ended before it said "${word}"`);
}
