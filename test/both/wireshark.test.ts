import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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

describe('labctl wireshark', () => {
  it('prints the command for the lesson, and its profile is what Wireshark’s own tools take', async () => {
    const env = { XDG_CONFIG_HOME: place.path };
    const print = async (...argv: string[]) => labctl(['wireshark', '--print', ...argv], { env });
    expect((await print(folder, 'client1')).stdout.trim()).toBe(
      `wireshark -C labctl -r ${capture('client1')} -Y 'tcp.port == 5000'`,
    );
    const text = await promisify(execFile)(
      'tshark',
      ['-C', 'labctl', '-r', capture('client1'), '-Y', 'tcp.port == 5000'],
      {
        env: { ...process.env, ...env },
      },
    );
    // Names from the capture, TCP's numbers in columns of their own, labctl's words.
    expect(text.stdout).toMatch(/client1 → server\.lab +·+S· 0 0 0 #\d+ SYN: client1 asks to connect .* TCP /);
    expect(text.stderr).not.toMatch(/error|unknown|invalid/i);
    const rules = (await readFile(join(place.path, 'wireshark/profiles/labctl/colorfilters'), 'utf8'))
      .trim()
      .split('\n');
    const filters = rules.map((rule) => rule.split('@')[2] ?? '');
    const all = filters.map((filter) => `(${filter})`).join(' or ');
    expect(await tool('tshark', '-r', capture('client1'), '-Y', all)).not.toBe('');
    expect(await readdir(join(place.path, 'wireshark'))).toEqual(['profiles']);
    const nobody = await print(folder, 'nobody');
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('server, client1')]);
  });

  it('says where the file is and how to get Wireshark where there is none, or no display', async () => {
    const without = await labctl(['wireshark', folder], {
      env: { XDG_CONFIG_HOME: place.path, PATH: '/nowhere', DISPLAY: '', WAYLAND_DISPLAY: '' },
    });
    expect([without.code, without.stderr]).toEqual([2, expect.stringMatching(/not installed here|no display/)]);
    expect(without.stderr).toContain('server.pcapng');
  });
});

describe('labctl show --filter', () => {
  it('draws only what the display filter lets through, and prints tshark’s own words against a bad one', async () => {
    const show = (filter: string) => labctl(['show', folder, '--text', '--filter', filter]);
    const [again, bad] = await Promise.all([show('tcp.analysis.retransmission'), show('tcp.nosuch == 1')]);
    const rows = again.stdout.split('\n').filter((line) => /^ *\d+ +\d+\.\d{3} \d{3} /.test(line));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !row.includes('P. 1:'))).toEqual([]);
    expect([bad.code, bad.stdout]).toEqual([2, '']);
    expect(bad.stderr).toMatch(/tshark: [\s\S]*tcp\.nosuch/);
  });
});

describe('labctl as Wireshark calls it', () => {
  const name = () => `labctl-${lab.lab.name}-server-lab`;
  it('lists the interfaces of the running lab, and judges a filter', async () => {
    const list = await labctl(['extcap', '--', '--extcap-interfaces', '--extcap-version=4.0']);
    expect(list.stdout).toMatch(/^extcap \{version=.*\}\{help=file:/);
    expect(list.stdout).toContain(`interface {value=${name()}}{display=server on lab (`);
    const judged = await labctl([
      'extcap',
      '--',
      '--extcap-interface',
      name(),
      '--extcap-capture-filter',
      'tcp prot 1',
    ]);
    expect(judged).toMatchObject({ code: 0, stdout: "tcpdump: can't parse filter expression: syntax error\n" });
    const good = await labctl(['extcap', '--', '--extcap-interface', name(), '--extcap-capture-filter', 'tcp port 1']);
    expect(good).toMatchObject({ code: 0, stdout: '' });
  });

  it('captures into its pipe until nobody reads it', async () => {
    const fifo = join(place.path, 'fifo');
    await tool('mkfifo', fifo);
    const reading = tool(
      'tshark',
      '-r',
      fifo,
      '-c',
      '2',
      '-T',
      'fields',
      '-e',
      'frame.interface_name',
      '-e',
      'udp.payload',
    );
    const asked = ['--capture', '--extcap-interface', name(), '--fifo', fifo, '--extcap-capture-filter', 'udp port 9'];
    const capturing = labctl(['extcap', '--', ...asked]);
    const client1 = await lab.engine.host(lab.lab.name, 'client1');
    let read: string | undefined;
    void reading.then((text) => {
      read = text;
    });
    const send = ['bash', '-c', 'echo hi > /dev/udp/server/9'];
    // Nothing says when the capture began: Wireshark reads the pipe, and so do we.
    await vi.waitFor(
      async () => {
        await client1.exec(send);
        expect(read).toBeDefined();
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(read).toBe('server/eth0\t68690a\n'.repeat(2));
    expect(await capturing).toMatchObject({ code: 0, stderr: '' });
    expect(await lab.leftovers()).toEqual([]);
  });
});
