import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markerFrame } from '../evidence/marker.ts';
import { PcapngWriter } from '../evidence/pcapng-writer.ts';
import type { RunRecord } from '../model/run.ts';
import { files } from './names.ts';
import { type ReadNote, readRun } from './read-run.ts';
import { RunFolderWriter } from './run-folder-writer.ts';

let runs: string;
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'labctl-read-'));
});
afterEach(() => rm(runs, { recursive: true, force: true }));

const started = 1_769_860_800_000_000;
const record: RunRecord = {
  version: 1,
  labctl: '0.1.0',
  lab: 'lab',
  scenario: 'tiny',
  engine: { name: 'Docker', version: '20.10' },
  kernel: '6.1',
  started,
  ended: started,
  outcome: 'complete',
  hosts: [{ name: 'client1', interfaces: [], sysctls: {}, congestionControl: 'reno' }],
  programs: [{ name: 'c', host: 'client1', argv: ['client'], traced: 'lines' }],
  drops: [],
};
const scenario = { name: 'tiny', file: 'tiny.yml', hosts: ['client1'], steps: [], expect: [] };
const frame = Uint8Array.from({ length: 60 }, (_, index) => (index === 12 ? 8 : index));
const calls = `7 1769860800.000001 connect(3<socket:[9]>, {sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("10.0.0.2")}, 16) = 0 <0.000100>
 > /usr/lib/x86_64-linux-gnu/libc.so.6(__connect+0x14) [0x10f5e4]
 > /usr/local/bin/client(main+0x1c) [0x11b5]
`;

function pcapng(): Uint8Array {
  const writer = new PcapngWriter();
  const packet = { seconds: started / 1e6, nanoseconds: 1000, wireLength: 60, bytes: frame };
  return Buffer.concat([
    writer.section(),
    writer.interface({ name: 'client1/eth0', linkType: 1 }),
    writer.packet(0, packet),
    writer.packet(0, packet),
  ]);
}

/** Classic pcap, microseconds, little endian (pcap-savefile(5)). */
function pcap(...frames: Uint8Array[]): Uint8Array {
  const header = Buffer.from('d4c3b2a1020004000000000000000000d007000001000000', 'hex');
  const records = frames.flatMap((bytes) => {
    const head = Buffer.alloc(16);
    head.writeUInt32LE(started / 1e6, 0);
    head.writeUInt32LE(bytes.length, 8);
    head.writeUInt32LE(bytes.length, 12);
    return [head, bytes];
  });
  return Buffer.concat([header, ...records]);
}

async function written(): Promise<RunFolderWriter> {
  const writer = await RunFolderWriter.create(runs, 'lab', 'tiny', started);
  await writer.writeJson(files.record, record);
  await writer.writeJson(files.scenario, scenario);
  await writer.write(files.calls('c'), calls);
  await writer.writeJson(files.lines('c'), { '/usr/local/bin/client+0x11b5': { file: 'client.c', line: 40 } });
  await writer.write(files.source('client.c'), 'int main(void) {\n}\n');
  writer.event({ at: started, kind: 'look', name: 'start', host: 'client1' });
  await writer.write(files.look(1, 'start', 'client1', 'nstat'), '{"kernel":{"TcpActiveOpens":1}}');
  await writer.write(files.look(1, 'start', 'client1', 'ss'), '');
  await writer.write(files.look(1, 'start', 'client1', 'ps'), '');
  return writer;
}

describe('readRun', () => {
  it('reads back what was written', async () => {
    const writer = await written();
    await writer.write(files.capture('client1'), pcapng());
    const run = await readRun(await writer.finish());
    expect(run.record).toEqual(record);
    expect(run.packets.map((packet) => [packet.frame, packet.point])).toEqual([
      [1, { host: 'client1', interface: 'eth0' }],
      [2, { host: 'client1', interface: 'eth0' }],
    ]);
    expect(run.calls).toMatchObject([{ name: 'connect', program: 'c', line: { file: 'client.c', line: 40 } }]);
    expect(run.looks).toMatchObject([{ name: 'start', counters: { TcpActiveOpens: 1 } }]);
    expect(run.sources).toEqual({ 'client.c': ['int main(void) {', '}'] });
  });

  it('reads an unfinished run from its raw captures, markers left out', async () => {
    const writer = await written();
    await writer.write(files.rawCapture('client1', 'eth0'), pcap(frame, markerFrame('abc')));
    await writer.settle();
    const run = await readRun(`${writer.folder}.part`);
    expect(run.packets.map(({ frame: number, point }) => [number, point.interface])).toEqual([[1, 'eth0']]);
  });

  it('keeps what a damaged file still gives, and says which file that is', async () => {
    const writer = await written();
    await writer.write(files.capture('client1'), pcapng());
    writer.event({ at: started, kind: 'stopped', why: 'x' });
    const folder = await writer.finish();
    await truncate(join(folder, files.capture('client1')), pcapng().length - 10);
    await writeFile(join(folder, files.events), '{"at":1,"kind":"stopped","why":"x"}\n{"at":2,"ki');
    await writeFile(join(folder, files.look(1, 'start', 'client1', 'nstat')), 'garbage');
    const notes: ReadNote[] = [];
    const run = await readRun(folder, (note) => notes.push(note));
    expect(run.packets).toHaveLength(1);
    expect(run.events).toHaveLength(1);
    expect(notes.map(({ file }) => file).sort()).toEqual(['client1.pcapng', 'events.jsonl']);
  });

  it('refuses a folder that is no run, or one of another form', async () => {
    await expect(readRun(runs)).rejects.toThrow('this is no run folder: run.json is missing');
    const writer = await written();
    await writer.writeJson(files.record, { ...record, version: 2 });
    await expect(readRun(await writer.finish())).rejects.toThrow(/written by another labctl/);
  });
});

describe('RunFolderWriter', () => {
  it('gives two runs of one second two folders', async () => {
    const [first, second] = [await written(), await written()];
    const folders = [await first.finish(), await second.finish()];
    const third = await written();
    expect(new Set([...folders, await third.finish()]).size).toBe(3);
    expect(folders[1]).toMatch(/-tiny~2$/);
  });

  it('leaves nothing of a run that is discarded', async () => {
    const writer = await written();
    await writer.discard();
    await expect(readRun(`${writer.folder}.part`)).rejects.toThrow('run.json is missing');
  });

  it('keeps every name inside its folder', () => {
    expect(files.calls('../../etc/passwd')).toBe('calls/__.._etc_passwd.strace');
    expect(files.capture('a b$(id)')).toBe('a_b__id_.pcapng');
  });
});
