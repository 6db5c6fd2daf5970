// Starts the recorders of all hosts at once; either all of them record, or none is left.

import type { Engine } from '../engine/engine.ts';
import { files } from '../folder/names.ts';
import type { RunFolderWriter } from '../folder/run-folder-writer.ts';
import type { Lab } from '../model/lab.ts';
import type { Scenario } from '../model/scenario.ts';
import type { ByteSink } from './call-log.ts';
import type { Changes } from './changes.ts';
import { type LiveWatcher, overheard } from './live.ts';
import { startRecording } from './recording.ts';
import type { RecordedHost } from './stage.ts';

export interface StartOptions {
  lab: Lab;
  scenario: Pick<Scenario, 'hosts' | 'loopback'>;
  nonce: string;
  changes: Changes;
  writer: RunFolderWriter;
  watcher?: LiveWatcher;
}

/** Host name → host and its recording, all ready. Throws the first LabError; the others are stopped then. */
export async function startRecordings(engine: Engine, options: StartOptions): Promise<Map<string, RecordedHost>> {
  const names = [...new Set(options.scenario.hosts)];
  const started = await Promise.allSettled(names.map((name) => startOne(engine, name, options)));
  const failed = started.find((result) => result.status === 'rejected');
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (failed === undefined) return new Map(running.map((one) => [one.host.name, one]));
  await Promise.all(running.map(({ recording }) => recording[Symbol.asyncDispose]()));
  throw failed.reason;
}

async function startOne(engine: Engine, name: string, options: StartOptions): Promise<RecordedHost> {
  const host = await engine.host(options.lab.name, name);
  const recording = await startRecording(host, {
    nonce: options.nonce,
    loopback: options.scenario.loopback?.includes(name) === true,
    changes: options.changes,
    captureSink: (hostName, networkInterface) => {
      const file = options.writer.grow(files.rawCapture(hostName, networkInterface));
      const sink: ByteSink = async (bytes) => (await file).write(bytes);
      return options.watcher ? overheard(sink, hostName, networkInterface, options.watcher) : sink;
    },
    counterSink: (hostName) => {
      const file = options.writer.grow(files.counters(hostName));
      return async (bytes) => (await file).write(bytes);
    },
  });
  return { host, recording };
}
