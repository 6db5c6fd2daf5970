// Starts the recorders of all hosts at once; either all of them record, or none is left.

import type { Engine } from '../engine/engine.ts';
import { files } from '../folder/names.ts';
import type { RunFolderWriter } from '../folder/run-folder-writer.ts';
import type { Lab } from '../model/lab.ts';
import type { Scenario } from '../model/scenario.ts';
import type { ByteSink } from './call-log.ts';
import type { Changes } from './changes.ts';
import { type LiveWatcher, overheard } from './live.ts';
import { type Recording, startRecording } from './recording.ts';
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
  const hosts = await allOrNone(names.map((name) => startOne(engine, name, options)));
  return new Map(hosts.map((one) => [one.host.name, one]));
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

/** All of them, or the first error once those that began are stopped. */
export async function allOrNone<One extends { recording: Recording }>(
  starting: readonly Promise<One>[],
): Promise<One[]> {
  const started = await Promise.allSettled(starting);
  const failed = started.find((result) => result.status === 'rejected');
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (failed === undefined) return running;
  await Promise.all(running.map(({ recording }) => recording[Symbol.asyncDispose]()));
  throw failed.reason;
}

/** The recorders and the answer, or nothing that goes on in any host. */
export async function bothOrNone<Answer>(
  starting: Promise<Map<string, RecordedHost>>,
  asked: Promise<Answer>,
): Promise<[Map<string, RecordedHost>, Answer]> {
  const [hosts, answer] = await Promise.allSettled([starting, asked]);
  if (hosts.status === 'rejected') throw hosts.reason;
  if (answer.status === 'fulfilled') return [hosts.value, answer.value];
  await Promise.all([...hosts.value.values()].map(({ recording }) => recording[Symbol.asyncDispose]()));
  throw answer.reason;
}
