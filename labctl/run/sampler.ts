// Measures the TCP connections of some hosts again and again, from the first step of a run to its last.

import { setTimeout as pause } from 'node:timers/promises';
import { now } from '../model/time.ts';
import type { ByteSink } from './call-log.ts';
import type { Recording } from './recording.ts';

/** Milliseconds from one measure to the next: often enough for a chart, and cheap beside the run itself. */
const every = 25;
/** ss tells more to nobody: what TCP measures of itself is open to all. */
const student = 1000;

/** A host's recording, and where its measures go. */
export interface Measured {
  recording: Pick<Recording, 'tool'>;
  sink: ByteSink;
}

/** Each host is asked by itself, so that a slow one holds up no other. */
export class Sampler {
  readonly #stop = new AbortController();
  readonly #hosts: Promise<void>[];

  constructor(hosts: readonly Measured[]) {
    this.#hosts = hosts.map((host) => this.#follow(host));
  }

  /** Settles when the last answer is written. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#hosts);
  }

  /** A recorder that is lost ends the run; that need not be said again here. */
  async #follow({ recording, sink }: Measured): Promise<void> {
    const { signal } = this.#stop;
    const rest = (ms: number): Promise<void> => pause(Math.max(1, ms), undefined, { signal });
    try {
      while (!signal.aborted) {
        const asked = now();
        const { stdout } = await recording.tool(student, ['ss', '-HOtin']);
        const answered = now();
        await sink(Buffer.from(`# ${asked} ${answered}\n${stdout}`));
        await rest(every - (answered - asked) / 1000);
      }
    } catch {
      this.#stop.abort();
    }
  }
}
