import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Host, RunningProgram } from '../../labctl/engine/engine.ts';
import { readRun } from '../../labctl/folder/read-run.ts';
import { flagText } from '../../labctl/model/packet.ts';
import type { RunEvent } from '../../labctl/model/run.ts';
import { recordLab } from '../../labctl/run/record.ts';
import { commandThroughDoor } from '../../labctl/run/tracing.ts';
import { type RunLab, runLab } from '../run-lab.ts';

let lab: RunLab;
let server: Host;
let client1: Host;
beforeAll(async () => {
  lab = await runLab('record');
  [server, client1] = (await Promise.all(['server', 'client1'].map((name) => lab.engine.host(lab.lab.name, name)))) as [
    Host,
    Host,
  ];
});
afterAll(() => lab[Symbol.asyncDispose]());

/** A recording that has begun: its events, and how to end it. */
async function recording() {
  const { engine, lab: plan, runsFolder } = lab;
  const controller = new AbortController();
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  const hosts = ['server', 'client1'];
  const result = recordLab({ engine, lab: plan, hosts, runsFolder, onEvent, signal: controller.signal });
  await vi.waitFor(() => expect(events.filter(({ kind }) => kind === 'recording-started')).toHaveLength(2), 10_000);
  const end = async () => {
    controller.abort('SIGINT');
    return result;
  };
  return { events, end };
}

const byHand = (host: Host, ...argv: string[]) => host.exec(commandThroughDoor(argv), { input: 'hi\n' });

/** A program on a terminal, and what it has shown so far. */
async function onTerminal(host: Host, ...argv: string[]): Promise<{ program: RunningProgram; shown: () => string }> {
  const program = await host.spawn(commandThroughDoor(argv), { terminal: { columns: 80, rows: 24 } });
  let text = '';
  void (async () => {
    for await (const { bytes } of program.output) text += Buffer.from(bytes).toString();
  })();
  return { program, shown: () => text };
}

describe('labctl record', () => {
  it('records programs typed in shells and execs, each as itself, and lets them go on', async () => {
    const { events, end } = await recording();
    const { program: shell, shown } = await onTerminal(server, 'bash');
    shell.stdin.write('server2 &\n');
    await vi.waitFor(() => expect(shown()).toContain('listening on 0.0.0.0:5000'), 10_000);
    expect(await byHand(client1, 'client')).toMatchObject({ exitCode: 0 });
    await vi.waitFor(
      () =>
        expect(events).toContainEqual(expect.objectContaining({ kind: 'program-ended', program: 'client1-client' })),
      10_000,
    );
    const { folder, record } = await end();

    expect(record.outcome).toBe('complete');
    expect(record.programs.map(({ name }) => name)).toEqual(['server-bash', 'server-server2', 'client1-client']);
    const run = await readRun(folder);
    const made = (program: string) =>
      run.calls.flatMap((call) => (call.kind === 'call' && call.program === program ? [call.name] : []));
    expect(made('client1-client')).toEqual(expect.arrayContaining(['socket', 'connect', 'sendto', 'close']));
    expect(made('server-server2')).toEqual(expect.arrayContaining(['bind', 'listen', 'accept', 'recvfrom']));
    expect(made('server-bash')).not.toContain('accept');
    expect(run.packets.filter(({ tcp }) => tcp && flagText(tcp.flags) === 'S')).toHaveLength(2);

    expect(await byHand(client1, 'client')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('hi\n') });
    shell.stdin.write('kill %1; exit\n');
    expect(await shell.exitCode).toBe(0);
    expect(shown()).not.toContain('strace');
    expect(await lab.leftovers()).toEqual([]);
  });

  it('changes nothing where nobody records', async () => {
    expect(await byHand(client1, 'sh', '-c', 'echo "$0 $1"; exit 7', 'a b', "c'd")).toEqual({
      exitCode: 7,
      stdout: "a b c'd\n",
      stderr: '',
    });
    expect(await byHand(client1, 'nosuch')).toMatchObject({
      exitCode: 127,
      stderr: 'nosuch: there is no such program\n',
    });
  });

  it('refuses a second recording of the same hosts, and leaves the first alone', async () => {
    const first = await recording();
    const { engine, lab: plan, runsFolder } = lab;
    const second = recordLab({
      engine,
      lab: plan,
      hosts: ['server'],
      runsFolder,
      signal: new AbortController().signal,
    });
    await expect(second).rejects.toThrow('somebody records this lab already');
    expect(await byHand(client1, 'client', '127.0.0.1')).toMatchObject({ exitCode: 1 });
    const { record } = await first.end();
    expect(record.programs.map(({ name }) => name)).toEqual(['client1-client']);
    expect(await lab.leftovers()).toEqual([]);
  });

  it('hears of Ctrl-C in a recorded program as the program does', async () => {
    const { end } = await recording();
    const { program: cat, shown } = await onTerminal(client1, 'cat');
    cat.stdin.write('hello\n');
    // Once as the terminal's echo, once as cat's own: from then on it runs.
    await vi.waitFor(() => expect(shown().match(/hello/g)).toHaveLength(2), 10_000);
    cat.stdin.write('\u0003');
    expect(await cat.exitCode).toBe(130);
    const { folder } = await end();
    const run = await readRun(folder);
    expect(run.calls).toContainEqual(
      expect.objectContaining({ kind: 'signal', program: 'client1-cat', signal: 'SIGINT' }),
    );
    expect(run.events).toContainEqual(
      expect.objectContaining({ kind: 'program-ended', program: 'client1-cat', code: 130 }),
    );
  });
});
