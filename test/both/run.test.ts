import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../labctl/analysis/analyse.ts';
import { listRuns, resolveRun } from '../../labctl/folder/runs.ts';
import { flagText } from '../../labctl/model/packet.ts';
import { byEngine } from '../engine-under-test.ts';
import { expectInstantsAsLooksSaid } from '../instants.ts';
import { type DoneRun, type RunLab, runLab, tool } from '../run-lab.ts';

let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('run');
});
afterAll(() => lab[Symbol.asyncDispose]());

const scenarios = ['first-client', 'second-client', 'many-clients', 'any-address'];
const done = new Map<string, DoneRun>();
async function runOf(name: string): Promise<DoneRun> {
  const run = done.get(name) ?? (await lab.run(lab.scenario(name)));
  done.set(name, run);
  return run;
}

const pcapngs = async ({ folder }: DoneRun) =>
  (await readdir(folder)).filter((file) => file.endsWith('.pcapng')).map((file) => join(folder, file));

/** Conversations in a file that do not begin with a SYN, or in which a FIN is not acknowledged: when they began. */
async function incomplete(file: string): Promise<string[]> {
  const fields = [
    'tcp.stream',
    'tcp.flags.syn',
    'tcp.flags.ack',
    'tcp.flags.fin',
    'tcp.flags.reset',
    'tcp.seq',
    'tcp.ack',
    'tcp.srcport',
    'frame.time_epoch',
  ];
  const options = fields.flatMap((field) => ['-e', field]);
  const text = await tool('tshark', '-r', file, '-Y', 'tcp', '-T', 'fields', ...options);
  const streams = new Map<string, string[][]>();
  for (const line of text.trim().split('\n').filter(Boolean)) {
    const [stream = '', ...rest] = line.split('\t');
    streams.set(stream, [...(streams.get(stream) ?? []), rest]);
  }
  const whole = (segments: string[][]) => {
    const begins = segments[0]?.[0] === '1' && segments[0][1] === '0';
    const reset = segments.some(([, , , rst]) => rst === '1');
    const fins = segments.filter(([, , fin]) => fin === '1');
    const acked = fins.every(([, , , , seq, , from]) =>
      segments.some(([, ack, , , , number, source]) => ack === '1' && source !== from && Number(number) > Number(seq)),
    );
    return begins && (reset || (fins.length >= 2 && acked));
  };
  return [...streams.values()].filter((segments) => !whole(segments)).map(([first]) => first?.[7] ?? '');
}

describe.each(scenarios)('%s', (name) => {
  it('is carried out to its end and leaves a whole folder', async () => {
    const { folder, record, failure, run } = await runOf(name);
    expect(failure).toBeUndefined();
    expect(record.outcome).toBe('complete');
    for (const file of ['run.json', 'events.jsonl', 'scenario.yml', 'docker-compose.yml'])
      expect(existsSync(join(folder, file)), file).toBe(true);
    expect(run.scenario.steps).toEqual(lab.scenario(name).steps);
    expect(run.looks.filter((look) => look.name === 'start')).toHaveLength(record.hosts.length);
    expect(run.looks.filter((look) => look.name === 'end')).toHaveLength(record.hosts.length);
    for (const program of record.programs) expect(run.calls.some((call) => call.program === program.name)).toBe(true);
    expect(run.packets.some(({ tcp }) => tcp && flagText(tcp.flags) === 'S')).toBe(true);
    expect(record.drops.every(({ dropped }) => dropped === 0)).toBe(true);
    expect(existsSync(join(folder, 'raw'))).toBe(false);
  });

  it('meets every expectation of its file', async () => {
    const { verdicts } = analyse((await runOf(name)).run);
    expect(verdicts.filter(({ verdict }) => verdict !== 'met')).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(0);
  });

  it('leaves nothing running in any host', async () => {
    await runOf(name);
    expect(await lab.leftovers()).toEqual([]);
  });
});

/** What is incomplete in the captures of these runs, each host's in one file: tshark takes most of its time to start. */
async function incompleteIn(recorded: readonly DoneRun[]): Promise<Record<string, string[]>> {
  const files = (await Promise.all(recorded.map(pcapngs))).flat();
  const found = [...new Set(files.map((file) => basename(file)))].map(async (host) => {
    const all = join(lab.runsFolder, `all-${host}`);
    await tool('mergecap', '-w', all, ...files.filter((file) => basename(file) === host));
    return [host, await incomplete(all)] as const;
  });
  return Object.fromEntries((await Promise.all(found)).filter(([, when]) => when.length > 0));
}

describe('the pcapng files', () => {
  it('miss neither a first SYN nor a last ACK', async () => {
    const recorded: DoneRun[] = [];
    for (const name of scenarios) recorded.push(await runOf(name));
    expect(await incompleteIn(recorded)).toEqual({});
  });

  it('name interfaces, addresses, scenario and versions', async () => {
    const run = await runOf('any-address');
    const info = await tool('capinfos', '-M', join(run.folder, 'server.pcapng'));
    expect(info).toMatch(/Capture comment: +labctl \S+, scenario any-address, host server, \S+ \S+, Linux \S+/);
    expect(info).toContain(`host server, ${byEngine({ docker: 'Docker', embedded: 'embedded' })} `);
    for (const name of ['server/eth0', 'server/eth1', 'server/lo']) expect(info).toContain(`Name = ${name}`);
    const named = await tool(
      'tshark',
      '-N',
      'n',
      '-r',
      join(run.folder, 'server.pcapng'),
      '-T',
      'fields',
      '-e',
      'ip.src_host',
    );
    expect(named.split('\n')).toEqual(
      expect.arrayContaining(['client1', 'server.lab', 'server.office', 'client3.office']),
    );
  });

  it('hold segments of at most MSS, with valid checksums, at both ends', async () => {
    const scenario = await lab.writeSteps(
      'bulk',
      `  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: [sh, -c, "head -c 300000 /dev/zero | tr '\\\\0' '\\\\n' | client"] }
  - { exit: c, code: 0, within: 30s }
`,
    );
    const run = await lab.run(scenario);
    expect(run.failure).toBeUndefined();
    const fields = ['frame.len', 'tcp.checksum.status', 'ip.checksum.status'].flatMap((field) => ['-e', field]);
    for (const file of await pcapngs(run)) {
      const check = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
      const bad = 'frame.len > 1514 || tcp.checksum.status == 0 || ip.checksum.status == 0';
      const shown = await tool(
        'tshark',
        '-r',
        file,
        ...check,
        '-Y',
        `${bad} || tcp.len > 1000`,
        '-T',
        'fields',
        ...fields,
      );
      const rows = shown.trimEnd().split('\n');
      expect(rows.filter((row) => !/^\d+\t1\t1$/.test(row) || Number.parseInt(row, 10) > 1514)).toEqual([]);
      expect(rows.length).toBeGreaterThan(100);
    }
  });
});

describe('the run folder', () => {
  it.each(['second-client', 'many-clients'])('says of an instant in %s what ss and ps said', async (name) => {
    expectInstantsAsLooksSaid((await runOf(name)).run);
  });

  it('knows kernel settings, networks and source lines', async () => {
    const { record, run } = await runOf('first-client');
    const server = record.hosts.find(({ name }) => name === 'server');
    expect(server?.sysctls['net.ipv4.ip_local_port_range']).toMatch(/^\d+ \d+$/);
    expect(server?.congestionControl).toBe(server?.sysctls['net.ipv4.tcp_congestion_control']);
    expect(server?.interfaces.map(({ network }) => network)).toEqual(['lab', 'office']);
    const listen = run.calls.find(
      (call) => call.kind === 'call' && call.program === 'server' && call.name === 'listen',
    );
    const line = listen?.kind === 'call' ? listen.line : undefined;
    expect(line?.file).toBe('server.c');
    expect(run.sources['server.c']?.[(line?.line ?? 0) - 1]).toContain('listen(');
  });

  it('shows each look without the tools that looked', async () => {
    const { run } = await runOf('second-client');
    const look = run.looks.find(({ name, host }) => name === 'waiting' && host === 'server');
    const names = look?.processes.map(({ name }) => name);
    expect(names).toContain('server');
    for (const name of ['tcpdump', 'python3', 'ps', 'ss']) expect(names).not.toContain(name);
    const listener = look?.sockets.find(({ state, local }) => state === 'LISTEN' && local.port === 5000);
    expect(listener).toMatchObject({ receiveQueue: 1, owners: [{ name: 'server' }] });
    expect(look?.counters['TcpPassiveOpens']).toBeGreaterThan(0);
  });

  it('is listed and found by name, scenario or as the latest', async () => {
    const { folder } = await runOf('second-client');
    const runs = await listRuns(lab.runsFolder);
    expect(runs.find((run) => run.folder === folder)).toMatchObject({ scenario: 'second-client', finished: true });
    expect(await resolveRun(lab.runsFolder, 'second-client')).toBe(folder);
    expect(await resolveRun(lab.runsFolder)).toBe(runs.at(-1)?.folder);
  });
});

describe('a bridge that does not know where an address lives', () => {
  it('sends to everybody, and only the sender records it', async () => {
    const nobody = '02:aa:bb:cc:dd:ee';
    const send = [
      'import socket',
      's = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)',
      's.bind(("eth0", 0))',
      `s.send(bytes.fromhex("${nobody.replaceAll(':', '')}") + s.getsockname()[4] + b"\\x88\\xb6" + bytes(46))`,
    ].join('; ');
    const client = await lab.engine.host(lab.lab.name, 'client1');
    const steps = '  - { start: s, on: server, run: server, until: { listens: 5000 } }\n  - { stop: s }\n';
    const pauseBeforeStep = async () => void (await client.exec(['python3', '-c', send], { user: '0' }));
    const { folder } = await lab.run(await lab.writeSteps('flooded', steps), { pauseBeforeStep });
    const seen = (host: string) => tool('tshark', '-r', join(folder, `${host}.pcapng`), '-Y', `eth.dst == ${nobody}`);
    expect((await seen('client1')).trim().split('\n')).toHaveLength(2);
    expect(await seen('server')).toBe('');
  });
});

/** More for a long look: `LABCTL_TEST_RUNS=200`. */
const runs = Number(process.env['LABCTL_TEST_RUNS'] ?? 20);

describe(`${runs} runs in a row`, () => {
  it(
    'never miss the first SYN or the last ACK',
    async () => {
      const scenario = await lab.writeSteps(
        'quick',
        `  - { start: s, on: server, run: server, until: { listens: 5000 } }
  - { start: c, on: client1, run: client, until: { prints: connected } }
  - { close: c }
  - { exit: c }
`,
      );
      const recorded: DoneRun[] = [];
      for (let number = 1; number <= runs; number += 1) {
        const run = await lab.run(scenario);
        expect(run.record.outcome, `run ${number}: ${run.failure?.message}`).toBe('complete');
        expect(run.run.packets.filter(({ tcp }) => tcp && flagText(tcp.flags) === 'S')).toHaveLength(2);
        recorded.push(run);
      }
      expect(await incompleteIn(recorded)).toEqual({});
    },
    60_000 + runs * 5000,
  );
});
