// Captures hosts of a running lab as one pcapng stream while the packets come; every interface is one of the stream's.

import type { Engine, RunningLab } from '../engine/engine.ts';
import { LabError } from '../model/lab-error.ts';
import type { ByteSink } from './call-log.ts';
import { type CapturePlace, type CapturePoint, capturePoints, foundPlaces } from './capture-points.ts';
import { CaptureStream, type PointTotals } from './capture-stream.ts';
import { Changes } from './changes.ts';
import { type Recording, startRecording } from './recording.ts';
import { allOrNone } from './start-recordings.ts';

export interface LiveCaptureOptions {
  engine: Engine;
  lab: RunningLab;
  places: readonly CapturePlace[];
  /** pcap-filter(7); everything unless told. */
  filter?: string | undefined;
  /** Where the pcapng stream goes; a promise that it gives is awaited before more is read. */
  write: ByteSink;
  /** Every interface is captured from now on, until the signal. */
  onStarted?: (points: readonly CapturePoint[]) => void;
  /** Write something every so many milliseconds, so that a reader that is gone is noticed where no packets come. */
  pulse?: number | undefined;
  /** Aborting is the normal end. */
  signal: AbortSignal;
}

/**
 * Milliseconds that a frame waits for earlier ones of other hosts. With 100, on two processors at load 15, 142 of 74,000
 * frames of four hosts came late, by 49 ms at most; with 300, none of 60,000 at load 17.
 */
const hold = 300;
const longest = 24 * 3600 * 1000;

/**
 * Captures until the signal aborts; then what was sent before is still written, and the drops. Throws LabError `usage` for
 * a filter that tcpdump refuses or an interface that is not there, before anything was written; LabError `engine` when a
 * host cannot be captured.
 */
export async function captureLive(options: LiveCaptureOptions): Promise<PointTotals[]> {
  const { engine, lab, filter, signal, write } = options;
  const [places] = await Promise.all([foundPlaces(engine, lab, options.places), refuseBadFilter(options)]);
  const changes = new Changes();
  const stream = new CaptureStream({ lab, filter, write, hold: places.length > 1 ? hold : 0 });
  const nonce = Math.random().toString(36).slice(2, 12).padEnd(10, '0');
  const start = async ({ host, interfaces }: CapturePlace) => ({
    recording: await startRecording(await engine.host(lab.name, host), {
      ...{ nonce, changes, filter, interfaces },
      captureSink: (hostName, name) => stream.sink(hostName, name),
    }),
  });
  const recordings = (await allOrNone(places.map(start))).map(({ recording }) => recording);
  try {
    await stream.begin(capturePoints(lab, recordings));
    options.onStarted?.(stream.points);
    const beat = options.pulse === undefined ? undefined : setInterval(() => void stream.pulse(), options.pulse);
    const lost = await untilStopped(recordings, changes, signal).finally(() => clearInterval(beat));
    const ends = (await Promise.all(recordings.map((recording) => recording.end()))).flat();
    const totals = await stream.end(ends.map(({ counts }) => counts));
    if (lost !== undefined) throw lost;
    return totals;
  } finally {
    stream.stop();
    await Promise.all(recordings.map((recording) => recording[Symbol.asyncDispose]()));
  }
}

/** Settles with the reason when a recorder is lost, with nothing when the signal aborts. */
async function untilStopped(
  recordings: readonly Recording[],
  changes: Changes,
  signal: AbortSignal,
): Promise<LabError | undefined> {
  const lost = () => recordings.map(({ failure }) => failure).find((failure) => failure !== undefined);
  return changes.until(lost, longest, signal).catch(() => undefined);
}

/**
 * tcpdump compiles the filter without opening anything (-d); what it says against it is the user's to read. Throws LabError
 * `usage` with its words.
 */
export async function refuseBadFilter({
  engine,
  lab,
  places: [place],
  filter,
}: Pick<LiveCaptureOptions, 'engine' | 'lab' | 'places' | 'filter'>): Promise<void> {
  if (place === undefined || filter === undefined) return;
  if (/[\t\n\0]/.test(filter)) throw new LabError('usage', 'a filter is one line of text', { where: '--filter' });
  const host = await engine.host(lab.name, place.host);
  const { exitCode, stderr } = await host.exec(['tcpdump', '-y', 'EN10MB', '-d', '--', filter], { user: 'root' });
  if (exitCode === 0) return;
  const said = stderr.split('\n').filter((line) => line.startsWith('tcpdump: '));
  throw new LabError('usage', said.at(-1) ?? stderr.trim(), {
    where: '--filter',
    hint: 'filters of a capture are those of tcpdump, e.g. --filter "tcp port 5000"; man pcap-filter tells the rest',
  });
}
