// Reads a run folder back, finished or not: bytes of every kind of evidence become the values the analysis starts from.

import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CaptureParser, readCapture } from '../evidence/capture-reader.ts';
import { parseCounterRises } from '../evidence/counter-rises.ts';
import { decode } from '../evidence/decode.ts';
import { isMarker } from '../evidence/marker.ts';
import { parseCalls } from '../evidence/strace.ts';
import { parseTcpSamples } from '../evidence/tcp-samples.ts';
import type { CallEvent, SourceLine } from '../model/call.ts';
import { LabError } from '../model/lab-error.ts';
import type { CounterRise, TcpSample } from '../model/look.ts';
import type { Packet } from '../model/packet.ts';
import { type RecordedRun, type RunEvent, type RunRecord, runVersion } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';
import { files, safeName } from './names.ts';
import { readLooks } from './read-looks.ts';

/** What a damaged folder lost: which file, and what was wrong. */
export interface ReadNote {
  file: string;
  why: string;
}
export type OnNote = (note: ReadNote) => void;

/** Throws LabError `usage` when this is no run folder; a damaged file is kept as far as it goes and told to `onNote`. */
export async function readRun(folder: string, onNote: OnNote = () => undefined): Promise<RecordedRun> {
  const path = resolve(folder);
  const record = await readRecord(path);
  const [scenario, events, packets, calls, counterRises, samples, sources] = await Promise.all([
    readScenarioOf(path, record),
    readEvents(path, onNote),
    readPackets(path, record, onNote),
    readCalls(path, record, onNote),
    readCounterRises(path, record),
    readSamples(path, record),
    readSources(path),
  ]);
  return {
    folder: path,
    record,
    scenario,
    events,
    packets,
    calls,
    counterRises,
    samples,
    sources,
    looks: await readLooks(path, events, onNote),
  };
}

async function readRecord(folder: string): Promise<RunRecord> {
  const file = join(folder, files.record);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new LabError(
      'usage',
      `this is no run folder: run.json ${error.code === 'ENOENT' ? 'is missing' : error.message}`,
      {
        where: folder,
      },
    );
  });
  const record = parseJson(text, file) as RunRecord;
  const version: number = record.version;
  if (version !== runVersion)
    throw new LabError('usage', `this run was written by another labctl (form ${version}, not ours)`, {
      where: file,
    });
  return record;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LabError('usage', `damaged: ${(error as Error).message}`, { where, cause: error });
  }
}

async function readScenarioOf(folder: string, record: RunRecord): Promise<Scenario> {
  const file = join(folder, files.scenario);
  if (!existsSync(file)) throw new LabError('usage', `${files.scenario} is missing`, { where: folder });
  const scenario = parseJson(await readFile(file, 'utf8'), file) as Scenario;
  return { ...scenario, name: record.scenario };
}

async function readEvents(folder: string, onNote: OnNote): Promise<RunEvent[]> {
  const text = await readFile(join(folder, files.events), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as RunEvent];
    } catch {
      onNote({ file: files.events, why: `line ${index + 1} is cut off` });
      return [];
    }
  });
}

async function readPackets(folder: string, record: RunRecord, onNote: OnNote): Promise<Packet[]> {
  const perHost = await Promise.all(record.hosts.map(({ name }) => readHostPackets(folder, name, onNote)));
  return perHost.flat();
}

/** The host's pcapng, or its raw captures where nobody came to merge them. */
async function readHostPackets(folder: string, host: string, onNote: OnNote): Promise<Packet[]> {
  const merged = files.capture(host);
  if (existsSync(join(folder, merged))) return packetsOf(folder, merged, host, onNote);
  const raw = await readdir(join(folder, 'raw', safeName(host))).catch(() => []);
  const parts = await Promise.all(
    raw.map((name) => packetsOf(folder, `raw/${safeName(host)}/${name}`, host, onNote, name.replace(/\.pcap$/, ''))),
  );
  const byTime = parts.flat().sort((a, b) => a.at - b.at);
  return byTime.map((packet, index) => ({ ...packet, frame: index + 1 }));
}

async function packetsOf(folder: string, file: string, host: string, onNote: OnNote, only?: string): Promise<Packet[]> {
  const parser = new CaptureParser();
  const packets: Packet[] = [];
  try {
    for await (const frames of readCapture(createReadStream(join(folder, file)), parser))
      for (const frame of frames) {
        if (only !== undefined && isMarker(frame.bytes, frame.linkType)) continue;
        const name = only ?? parser.interfaces[frame.interface]?.name ?? 'eth0';
        const point = { host, interface: name.startsWith(`${host}/`) ? name.slice(host.length + 1) : name };
        packets.push(decode(frame, point, packets.length + 1));
      }
    const damage = parser.end();
    if (damage) onNote({ file, why: `${damage.why} at byte ${damage.at}` });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    onNote({ file, why: error.message });
  }
  return packets;
}

async function readCalls(folder: string, record: RunRecord, onNote: OnNote): Promise<CallEvent[]> {
  const perProgram = await Promise.all(
    record.programs
      .filter(({ traced }) => traced !== false)
      .map(async ({ name, host }) => {
        const text = await readFile(join(folder, files.calls(name)), 'utf8').catch((error: Error) => {
          onNote({ file: files.calls(name), why: error.message });
          return '';
        });
        return withLines(parseCalls(text, name, host), await linesOf(folder, name));
      }),
  );
  return perProgram.flat();
}

/** Runs of older labctls have none: the looks alone count then. */
async function readCounterRises(folder: string, record: RunRecord): Promise<CounterRise[]> {
  const perHost = await Promise.all(
    record.hosts.map(async ({ name }) =>
      parseCounterRises(await readFile(join(folder, files.counters(name)), 'utf8').catch(() => ''), name),
    ),
  );
  return perHost.flat();
}

/** Few scenarios ask for them. */
async function readSamples(folder: string, record: RunRecord): Promise<TcpSample[]> {
  const perHost = await Promise.all(
    record.hosts.map(async ({ name }) =>
      parseTcpSamples(await readFile(join(folder, files.samples(name)), 'utf8').catch(() => ''), name),
    ),
  );
  return perHost.flat();
}

type Lines = Record<string, SourceLine>;

const linesOf = async (folder: string, program: string): Promise<Lines> =>
  readFile(join(folder, files.lines(program)), 'utf8').then(
    (text) => parseJson(text, files.lines(program)) as Lines,
    () => ({}),
  );

/** The name of a stack frame in the lines file. */
export const frameKey = ({ object, offset }: { object: string; offset: number }): string =>
  `${object}+0x${offset.toString(16)}`;

/** The outermost frame with a known line that is closest to the call: the place in the program's own source. */
function withLines(calls: CallEvent[], lines: Lines): CallEvent[] {
  return calls.map((call) => {
    if (call.kind !== 'call' || call.stack === undefined) return call;
    const line = call.stack.map((frame) => lines[frameKey(frame)]).findLast((found) => found !== undefined);
    return line ? { ...call, line } : call;
  });
}

async function readSources(folder: string): Promise<Record<string, string[]>> {
  const names = await readdir(join(folder, 'sources')).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, 'sources', name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index]?.replace(/\n$/, '').split('\n') ?? []]));
}
