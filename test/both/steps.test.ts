// Each kind of step in a real lab, where what it does is not seen by every scenario anyway.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { type DoneRun, type RunLab, runLab } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('steps');
});
afterAll(() => lab[Symbol.asyncDispose]());

const server = '  - { start: s, on: server, run: server, until: { listens: 5000 } }\n';
const client =
  '  - { start: c, on: client1, run: client, until: { prints: { matches: "^[^ ]+ -> [^ ]+ connected$" } } }\n';

async function runOf(name: string, steps: string): Promise<DoneRun> {
  const run = await lab.run(await lab.writeSteps(name, steps));
  expect(await lab.leftovers()).toEqual([]);
  return run;
}

const failed = ({ events }: DoneRun) => events.find((event) => event.kind === 'step-failed');

describe('half-close, signal and a pattern', () => {
  it('let a client send its FIN while the server, stopped, still owes an answer', async () => {
    const run = await runOf(
      'half',
      `${server}${client}
  - { signal: s, send: STOP }
  - { type: hello, into: c }
  - { half-close: c, name: half }
  - { wait: { port: 5000, state: CLOSE-WAIT }, on: server }
  - { wait: { port: 5000, state: FIN-WAIT-2 }, on: client1 }
  - { look: [client1, server], name: between }
  - { signal: s, send: CONT }
  - { answer: { matches: '^hel{2}o$' }, from: c }
  - { exit: c, code: 0 }
  - { signal: s, send: KILL }
  - { exit: s, code: 137 }
  - { wait: { port: 5000, state: LISTEN, count: 0 }, on: server }
`,
    );
    expect(failed(run)).toBeUndefined();
    const between = run.run.looks.filter(({ name }) => name === 'between');
    const states = between.flatMap(({ host, sockets }) =>
      sockets.filter(({ peer }) => peer.port !== 0).map(({ state }) => `${host} ${state}`),
    );
    expect(states.sort()).toEqual(['client1 FIN-WAIT-2', 'server CLOSE-WAIT']);
  });

  it('say that no FIN left where there is no connection', async () => {
    const none = await runOf('none', '  - { start: c, on: client1, run: cat }\n  - { half-close: c, within: 300ms }\n');
    expect(failed(none)).toMatchObject({
      awaited: 'c half-closes its connection within 0.3 s',
      seen: 'it had none; it printed nothing',
    });
  });
});

describe('repeat and parallel', () => {
  it('start clients one after the other and at the same time', async () => {
    const run = await runOf(
      'together',
      `  - { start: s, on: server, run: server2, until: { listens: 5000 } }
  - repeat: 2
    steps:
      - { start: 'c{round}', on: client1, run: client, until: { prints: connected } }
      - { close: 'c{round}' }
      - { exit: 'c{round}', code: 0 }
  - parallel:
      - - { start: a, on: client1, run: client, until: { prints: connected } }
        - { silence: 700ms, from: a, name: calm-a }
        - { close: a }
      - - { start: b, on: client1, run: client, until: { prints: connected } }
        - { silence: 700ms, from: b, name: calm-b }
        - { close: b }
`,
    );
    expect(failed(run)).toBeUndefined();
    const began = run.events.flatMap((event) => (event.kind === 'step-began' ? [event] : []));
    expect(began.slice(1, 7).map(({ round, verb }) => `${round} ${verb}`)).toEqual([
      '1 start',
      '1 close',
      '1 exit',
      '2 start',
      '2 close',
      '2 exit',
    ]);
    const calm = (name: string) => began.find((event) => event.name === name);
    const ended = (name: string) =>
      run.events.find((event) => event.kind === 'step-ended' && event.step === calm(name)?.step)?.at ?? 0;
    expect(calm('calm-b')?.at).toBeLessThan(ended('calm-a'));
    expect(calm('calm-a')?.at).toBeLessThan(ended('calm-b'));
    expect(analyse(run.run).conversations).toHaveLength(4);
  });

  it('end together when one fails, and say which', async () => {
    const run = await runOf(
      'one-fails',
      `  - { start: z, on: server, run: [sleep, '60'] }
  - { start: c, on: client1, run: [sleep, '60'] }
  - parallel:
      - [{ silence: 5m, from: z }]
      - [{ answer: never, from: c, within: 200ms }]
`,
    );
    expect(failed(run)).toMatchObject({ awaited: 'c prints "never" within 0.2 s' });
    expect(run.record.outcome).toBe('step-failed');
  });
});

describe('a host that is paused', () => {
  it('still completes handshakes and acknowledges; answers come once it is resumed', async () => {
    const run = await runOf(
      'paused',
      `${server}  - { pause: server, name: paused }
${client}
  - { type: hello, into: c }
  - { wait: { port: 5000, state: ESTABLISHED }, on: server }
  - { silence: 300ms, from: c }
  - { look: [server], name: still }
  - { resume: server, name: resumed }
  - { answer: hello, from: c }
  - { close: c }
  - { exit: c, code: 0 }
`,
    );
    expect(failed(run)).toBeUndefined();
    const { calls, passages, moments } = analyse(run.run);
    const began = (name: string) =>
      run.events.find((event) => event.kind === 'step-began' && event.name === name)?.at ?? 0;
    const [paused, resumed] = [began('paused'), began('resumed')];
    const meanwhile = passages.filter((passage) => passage.at > paused && passage.at < resumed);
    expect(meanwhile.flatMap(({ tcp }) => tcp?.flags ?? [])).toEqual(['S', 'S.', '.', 'P.', '.']);
    const returned = calls.filter(
      ({ program, name, result, at, took = 0 }) =>
        program === 's' && name === 'accept' && result === 4 && at + took > resumed,
    );
    expect(returned).toHaveLength(1);
    const still = run.run.looks.find(({ name }) => name === 'still')?.processes ?? [];
    expect(still.filter(({ name, state }) => name === 'server' && !/^[Tt]/.test(state))).toEqual([]);
    expect(moments.some((moment) => moment.kind === 'event' && moment.event.kind === 'host-resumed')).toBe(true);
  });

  it('is as before when the run ends in the middle', async () => {
    await runOf('left-paused', `${server}  - { pause: server }\n`);
    const host = await lab.engine.host(lab.lab.name, 'server');
    const { stdout } = await host.exec(['ps', '-eo', 'stat=']);
    expect(stdout.split('\n').filter((state) => /^[Tt]/.test(state))).toEqual([]);
  });
});

describe('children', () => {
  const parent = (script: string) =>
    `  - { start: p, on: server, run: [python3, -c, "${script}"], until: { prints: forked } }\n`;
  const kin = (stays: number) =>
    `import os, time\\nif os.fork() == 0:\\n  time.sleep(${stays}); os._exit(0)\\nprint('forked', flush=True)\\n`;

  it('wait for their ends, and for their parent’s wait()', async () => {
    const steps = '  - { children: p }\n  - { look: [server], name: ended }\n  - { children: p, reaped: true }\n';
    const run = await runOf(
      'kin',
      `${parent(`${kin(0.3)}time.sleep(2); os.wait(); time.sleep(20)`)}${steps}  - { look: [server], name: reaped }\n  - { stop: p, signal: KILL }\n`,
    );
    expect(failed(run)).toBeUndefined();
    const zombies = (look: string) =>
      run.run.looks.find(({ name }) => name === look)?.processes.filter(({ state }) => state.startsWith('Z')).length;
    expect([zombies('ended'), zombies('reaped')]).toEqual([1, 0]);
  });

  it('are told of when they do not end', async () => {
    const run = await runOf('kin-stays', `${parent(`${kin(20)}time.sleep(20)`)}  - { children: p, within: 1s }\n`);
    expect(failed(run)).toMatchObject({
      awaited: 'the children of p have ended within 1 s',
      seen: '1 are left',
    });
  });
});
