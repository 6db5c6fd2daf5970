import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cli, environment, folderWith, labctl, type Outcome } from '../labctl.ts';
import { type RunLab, runLab, tool } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('capture');
});
afterAll(() => lab[Symbol.asyncDispose]());

/** So many datagrams from one host to another, to a port where nobody is. */
async function send(from: string, to: string, count: number, port = 9): Promise<void> {
  const host = await lab.engine.host(lab.lab.name, from);
  const { exitCode } = await host.exec([
    'bash',
    '-c',
    `for ((i = 0; i < ${count}; i++)); do echo $i > /dev/udp/${to}/${port} || exit 1; done`,
  ]);
  expect(exitCode).toBe(0);
}

/** `labctl capture …argv` until `during` is done, then Ctrl-C. */
function captured(argv: string[], during: () => Promise<void>): Promise<Outcome> {
  let begun = false;
  return labctl(['--lab', lab.lab.name, 'capture', ...argv], {
    onChild: (child) => {
      child.stderr?.on('data', (text: string) => {
        if (begun || !text.includes('capturing')) return;
        begun = true;
        void during().finally(() => child.kill('SIGINT'));
      });
    },
  });
}

/** A pipeline of labctl and another program in bash; prints both exit codes at the end. */
function piped(argv: string[], into: string, onStarted: () => void): Promise<Outcome> {
  const script = `"$@" | ${into}; echo "\${PIPESTATUS[*]}"`;
  const command = [process.execPath, cli, '--lab', lab.lab.name, 'capture', ...argv];
  const child = spawn('bash', ['-c', script, 'bash', ...command], { env: environment });
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  let begun = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    outcome.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    outcome.stderr += text;
    if (begun || !outcome.stderr.includes('capturing')) return;
    begun = true;
    onStarted();
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...outcome, code })));
}

const sent = (file: string, point: string): Promise<string> =>
  tool(
    'tshark',
    '-r',
    file,
    '-Y',
    `udp.dstport == 9 && !icmp && frame.interface_name == "${point}"`,
    '-T',
    'fields',
    '-e',
    // Not `data`: a sender's port by chance may be one that tshark has a protocol for.
    'udp.payload',
  );

const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => Buffer.from(`${index}\n`).toString('hex'));

describe('labctl capture', () => {
  it('loses nothing between its start message and Ctrl-C, at either end, and says what it counted', async () => {
    await using folder = await folderWith({});
    const file = join(folder.path, 'both.pcapng');
    const outcome = await captured(['server/eth0,client1', '-w', file], () => send('client1', 'server', 300));
    expect(outcome).toMatchObject({ code: 130, stdout: '' });
    expect(outcome.stderr).toContain('capturing server/eth0, client1/eth0 until Ctrl-C');
    for (const point of ['client1/eth0', 'server/eth0'])
      expect((await sent(file, point)).trim().split('\n')).toEqual(numbers(300));
    const facts = await tool('capinfos', file);
    expect(facts).toMatch(/Number of interfaces in file: 2/);
    expect(facts).toMatch(/Description = server on the network lab, [\d.]+/);
    expect(await tool('tshark', '-r', file, '-Y', 'eth.type == 0x88b5')).toBe('');
    expect(await tool('tshark', '-N', 'n', '-r', file, '-Y', 'udp.dstport == 9')).toContain('client1 → server');
    expect(await lab.leftovers()).toEqual([]);
  });

  it('captures only what the filter lets through, on the interface that was named, and says so in the file', async () => {
    await using folder = await folderWith({});
    const file = join(folder.path, 'lo.pcapng');
    const argv = ['server/lo', '--filter', 'udp port 9', '-w', file, '--json'];
    const outcome = await labctl(['--lab', lab.lab.name, 'capture', ...argv], {
      onChild: (child) => {
        // The head of the file is what says that the capture began where nothing is printed.
        void vi
          .waitFor(async () => expect((await stat(file)).size).toBeGreaterThan(0), 10_000)
          .then(() => send('server', '127.0.0.1', 2, 10))
          .then(() => send('server', '127.0.0.1', 3))
          .finally(() => child.kill('SIGINT'));
      },
    });
    expect(JSON.parse(outcome.stdout)).toEqual({
      version: 1,
      file,
      interfaces: [{ host: 'server', interface: 'lo', captured: 3, dropped: 0 }],
    });
    expect((await sent(file, 'server/lo')).trim().split('\n')).toEqual(numbers(3));
    expect(await tool('capinfos', file)).toContain('Filter string = udp port 9');
  });

  it('streams into tshark as the packets come, and stops when tshark does', async () => {
    const { stdout, stderr } = await piped(
      ['server', '--filter', 'udp port 9'],
      'tshark -r - -c 3 -T fields -e frame.interface_name -e data',
      () => void send('client1', 'server', 3),
    );
    const rows = numbers(3).map((data) => `server/eth0\t${data}`);
    expect([stdout.trim().split('\n'), stderr]).toEqual([
      [...rows, '0 0'],
      expect.stringContaining('capturing server'),
    ]);
    expect(await lab.leftovers()).toEqual([]);
  });

  it('passes through dumpcap, as Wireshark reads it, and stops with it though no packet comes', async () => {
    await using folder = await folderWith({});
    const file = join(folder.path, 'piped.pcapng');
    const { stdout } = await piped(['client1'], `dumpcap -q -i - -a duration:1 -w '${file}'`, () => undefined);
    expect([stdout.trim(), existsSync(file)]).toEqual(['0 0', true]);
    expect(await lab.leftovers()).toEqual([]);
  });

  it('shows what tcpdump says against a filter before anything starts or is written', async () => {
    await using folder = await folderWith({ 'kept.pcapng': 'as it was' });
    const file = join(folder.path, 'kept.pcapng');
    const capture = (...argv: string[]) => labctl(['--lab', lab.lab.name, 'capture', ...argv, '-w', file]);
    const [bad, hole, missing, unknown] = await Promise.all([
      capture('server', '--filter', 'tcp prot 5000'),
      capture('server', '--filter', 'tcp) or (udp'),
      capture('server/eth7'),
      capture('sever'),
    ]);
    for (const { code, stderr } of [bad, hole, missing, unknown])
      expect([code, stderr]).toEqual([2, expect.not.stringContaining('capturing')]);
    expect(bad.stderr).toContain("tcpdump: can't parse filter expression: syntax error");
    expect(hole.stderr).toContain("tcpdump: can't parse filter expression: syntax error");
    expect(missing.stderr).toMatch(/the host "server" has no interface "eth7"[\s\S]*it has eth0, eth1, lo/);
    expect(unknown.stderr).toContain('did you mean "server"?');
    expect(await tool('cat', file)).toBe('as it was');
  });

  it('writes no packets on a terminal, and says what to type instead', async () => {
    const command = `'${process.execPath}' '${cli}' --lab ${lab.lab.name} capture server; echo "code $?"`;
    const { stdout } = await promisify(execFile)('script', ['-qc', command, '/dev/null'], { env: environment });
    expect(stdout).toMatch(/packets are no text[\s\S]*labctl capture server \| tshark -r -[\s\S]*code 2/);
  });

  it('leaves the captures of a run alone that goes on beside it', async () => {
    await using folder = await folderWith({});
    const steps = '  - { start: s, on: server, run: server, until: { listens: 5000 } }\n';
    const scenario = await lab.writeSteps('beside', steps);
    let captures = 0;
    const pauseBeforeStep = async () => {
      const outcome = await captured(['server', '-w', join(folder.path, `${captures}.pcapng`)], async () => undefined);
      captures += outcome.code === 130 ? 1 : 0;
    };
    const { run } = await lab.run(scenario, { pauseBeforeStep });
    expect([captures, run.packets.filter(({ link }) => link?.etherType === 0x88b5)]).toEqual([1, []]);
  });
});
