import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderWith, labctl } from '../labctl.ts';
import { type RunLab, runLab, tool } from '../run-lab.ts';

let lab: RunLab;
let place: Awaited<ReturnType<typeof folderWith>>;
/** Of one run of the scenario lost-data. */
let folder: string;
const capture = (host: string): string => join(folder, `${host}.pcapng`);
const fields = async (file: string, ...names: string[]): Promise<string[][]> => {
  const text = await tool('tshark', '-r', file, '-T', 'fields', ...names.flatMap((name) => ['-e', name]));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
};

beforeAll(async () => {
  lab = await runLab('wireshark');
  place = await folderWith({});
  const env = { XDG_STATE_HOME: place.path };
  const { code } = await labctl(['--lab', lab.lab.name, '--file', lab.lab.file, 'run', 'lost-data'], { env });
  expect(code).toBe(0);
  const { runsFolderFor } = await import('../../labctl/folder/runs.ts');
  const runs = join(await runsFolderFor(lab.lab.file, { ...process.env, ...env }), lab.lab.name);
  folder = join(runs, (await readdir(runs))[0] ?? '');
});
afterAll(async () => {
  const { rm } = await import('node:fs/promises');
  await rm(join(folder, '..'), { recursive: true, force: true });
  await place[Symbol.asyncDispose]();
  await lab[Symbol.asyncDispose]();
});

describe('a recorded capture', () => {
  it('says at its frames what labctl knows: the call, the step, what never arrived, what is sent again', async () => {
    const [client1, server] = await Promise.all(
      ['client1', 'server'].map((host) => fields(capture(host), 'tcp.flags.str', 'tcp.len', 'frame.comment')),
    );
    const withText = (rows: string[][] | undefined, text: RegExp) =>
      rows?.filter(([, , comment = '']) => text.test(comment));
    expect(
      withText(client1, /^#\d+ SYN: client1 asks to connect · sent by connect\(3, server:5000\) = 0 of c1 · step 2: /),
    ).toHaveLength(1);
    expect(withText(client1, /never arrived at server/)?.length).toBeGreaterThan(0);
    const again = withText(client1, /retransmission of frame \d+/);
    expect(again?.length).toBeGreaterThan(0);
    expect(again?.every(([, length]) => length === '16')).toBe(true);
    expect(withText(server, /retransmission of a frame that never came by here/)?.length).toBeGreaterThan(0);
    expect(withText(server, /sent by send\(4, "do you hear me\?\\n"\) = 16 of server/)).toHaveLength(1);
  });

  it('names interfaces, hosts, scenario, steps and drops, as capinfos and tshark read them, and editcap keeps them', async () => {
    await tool('editcap', '-r', capture('server'), join(place.path, 'cut.pcapng'), '1-9');
    for (const file of [capture('server'), join(place.path, 'cut.pcapng')]) {
      const facts = await tool('capinfos', file);
      expect(facts).toMatch(
        /Capture comment: +labctl [\d.]+, scenario lost-data, host server, .*step 1 at 0.000000 s \(.* UTC\): start server/,
      );
      expect(facts).toMatch(/Name = server\/eth0\s+Description = server on the network lab, [\d.]+/);
    }
    expect(await tool('capinfos', capture('server'))).toContain('Number of stat entries = 1');
    const named = await tool('tshark', '-N', 'n', '-r', capture('server'), '-Y', 'tcp.flags.syn == 1');
    expect(named).toMatch(/client1 → server\.lab[\s\S]*server\.lab → client1/);
    const kept = await fields(join(place.path, 'cut.pcapng'), 'frame.comment');
    expect(kept.flat()).toContainEqual(expect.stringContaining('SYN: client1 asks to connect'));
  });
});
