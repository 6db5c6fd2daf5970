// Measures recorders on a lab that is up: from nothing to ready on four hosts, and from the order to end to the last of
// them gone. Beside it, a tcpdump for each interface in an exec of its own: what one recorder for a host has to beat.

import type { Engine, RunningProgram } from '../labctl/engine/engine.ts';
import { Changes } from '../labctl/run/changes.ts';
import { startRecording } from '../labctl/run/recording.ts';
import { median } from './row.ts';

const hosts = ['server', 'client1', 'client2', 'client3'];
const nothing = () => () => undefined;

export interface RecorderTimes {
  /** Milliseconds, each the median. */
  ready: number;
  drained: number;
  execs: number;
}

/** In turns, so that a slow moment of the machine falls on both ways. */
export async function measureRecorders(engine: Engine, lab: string, times: number): Promise<RecorderTimes> {
  const [ready, drained, execs]: number[][] = [[], [], []];
  for (let time = 0; time < times; time++) {
    const took = await recorded(engine, lab);
    ready?.push(took.ready);
    drained?.push(took.drained);
    execs?.push(await execEach(engine, lab));
  }
  return { ready: median(ready ?? []), drained: median(drained ?? []), execs: median(execs ?? []) };
}

async function recorded(engine: Engine, lab: string): Promise<{ ready: number; drained: number }> {
  const began = performance.now();
  const options = { nonce: 'benchmarks', loopback: false, changes: new Changes() };
  const recordings = await Promise.all(
    hosts.map(async (name) =>
      startRecording(await engine.host(lab, name), { ...options, captureSink: nothing, counterSink: nothing }),
    ),
  );
  const ready = performance.now() - began;
  await Promise.all(recordings.map((recording) => recording.end()));
  await Promise.all(recordings.map((recording) => recording[Symbol.asyncDispose]()));
  return { ready, drained: performance.now() - began - ready };
}

/** As a recorder does it, the end of its input being its end. */
const captureOn = (name: string): string[] => [
  ...['sh', '-c', 'tcpdump -n -U --immediate-mode -s 2000 -B 16384 -w - -i "$0" & cat >/dev/null; kill $!; wait', name],
];

async function execEach(engine: Engine, lab: string): Promise<number> {
  const began = performance.now();
  const started = await Promise.all(
    hosts.map(async (name) => {
      const host = await engine.host(lab, name);
      const interfaces = await host.interfaces();
      return Promise.all(
        interfaces.map(async (one) => listening(await host.spawn(captureOn(one.name), { user: 'root' }))),
      );
    }),
  );
  const took = performance.now() - began;
  await Promise.all(started.flat().map((end) => end()));
  return took;
}

/** Settles once it listens; gives what ends it, which takes the rest of its output. */
async function listening(program: RunningProgram): Promise<() => Promise<void>> {
  let said = '';
  const chunks = program.output[Symbol.asyncIterator]();
  while (!said.includes('listening on')) {
    const { value, done } = await chunks.next();
    if (done) throw new Error(`tcpdump ended: ${said}`);
    if (value.stream === 'stderr') said += Buffer.from(value.bytes).toString();
  }
  return async () => {
    program.stdin.end();
    while (!(await chunks.next()).done);
    program.disconnect();
  };
}
