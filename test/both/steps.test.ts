// Each kind of step in a real lab, where what it does is not seen by every scenario anyway.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
