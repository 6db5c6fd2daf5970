// Real captures and Wireshark's own tools judge the evidence room: our reading must say what tshark says.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkTypes } from '../labctl/evidence/capture-frame.ts';
import { CaptureParser } from '../labctl/evidence/capture-reader.ts';
import { decode } from '../labctl/evidence/decode.ts';
import { mergeCaptures } from '../labctl/evidence/merge.ts';
import { PcapngWriter } from '../labctl/evidence/pcapng-writer.ts';
import {
  ascii,
  be16,
  be32,
  ethernet,
  ipv4,
  ipv6,
  join,
  synOptions,
  tcp,
  udp,
} from '../labctl/evidence/sample-frames.ts';
import type { Ip, Packet } from '../labctl/model/packet.ts';

const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), 'labctl-evidence-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The port of the datagram that ends the traffic. */
const lastPort = 9;

/** Runs inside the namespace once a line arrives: TCP and UDP over both IPs, refusals, fragments, an abort. */
const traffic = `
const net = require('node:net'); const dgram = require('node:dgram'); const { once } = require('node:events');
async function converse(host) {
  const server = net.createServer({ allowHalfOpen: true }, (s) => { s.on('error', () => {}); s.pipe(s); });
  server.listen(5000, host); await once(server, 'listening');
  const client = net.connect(5000, host); await once(client, 'connect');
  client.write('bonjour\\n'); await once(client, 'data');
  client.end(Buffer.alloc(9000)); client.resume(); await once(client, 'close');
  const aborted = net.connect(5000, host); await once(aborted, 'connect');
  aborted.write('x'); await once(aborted, 'data'); aborted.resetAndDestroy(); await once(aborted, 'close');
  server.close(); await once(server, 'close');
  const refused = net.connect(5999, host); await once(refused, 'error').catch(() => {}); refused.destroy();
}
async function datagrams(kind, host) {
  const socket = dgram.createSocket(kind);
  const send = (bytes, port) => new Promise((done) => socket.send(bytes, port, host, done));
  await send('hello', 5998); await send(Buffer.alloc(4000, 'f'), 5998); await send('end', ${lastPort}); socket.close();
}
process.stdin.once('data', async () => {
  await converse('127.0.0.1'); await converse('::1');
  await datagrams('udp6', '::1'); await datagrams('udp4', '127.0.0.1'); process.exit();
});`;

/** Captures the traffic in a network namespace of its own, read live, stopped once the last datagram was seen. */
async function capture(options: readonly string[]): Promise<{ bytes: Buffer; packets: Packet[] }> {
  const script =
    'ip link set lo mtu 1500 up && exec 3<&0 && { "$0" -e "$1" <&3 & } && shift && exec dumpcap -q -w - "$@"';
  const child = spawn('unshare', ['-rn', 'sh', '-c', script, process.execPath, traffic, ...options]);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    if (/File: -|Capturing on/.test(said) && !child.stdin.writableEnded) child.stdin.end('go\n');
  });
  const parser = new CaptureParser();
  const chunks: Buffer[] = [];
  const packets: Packet[] = [];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    for (const frame of parser.push(chunk)) {
      packets.push(decode(frame, { host: 'h', interface: 'lo' }, packets.length + 1));
      const last = packets.at(-1);
      if (last?.ip?.version === 4 && last.udp?.destinationPort === lastPort) child.kill('SIGINT');
    }
  }
  expect(parser.end(), said).toBeUndefined();
  return { bytes: Buffer.concat(chunks), packets };
}

const hex = (value: number | undefined, digits: number) =>
  value === undefined ? undefined : `0x${value.toString(16).padStart(digits, '0')}`;
const versions = (packet: Packet, version: 4 | 6): Ip[] =>
  [packet.ip, packet.icmp?.quoted?.ip].filter((ip) => ip !== undefined).filter((ip) => ip.version === version);
const all = (values: readonly (number | string)[]) => values.join(',');
const arpCodes = { request: 1, reply: 2, other: undefined };

/** Wireshark's field → the same from our packet. Where an ICMP error quotes a packet, Wireshark lists both. */
const fields: Record<string, (packet: Packet) => string | number | undefined> = {
  'frame.number': (p) => p.frame,
  'frame.len': (p) => p.wireLength,
  'frame.cap_len': (p) => p.capturedLength,
  'eth.src': (p) => (p.link?.destination ? p.link.source : undefined),
  'eth.dst': (p) => p.link?.destination,
  'ip.src': (p) => all(versions(p, 4).map((ip) => ip.source)),
  'ip.dst': (p) => all(versions(p, 4).map((ip) => ip.destination)),
  'ip.id': (p) => all(versions(p, 4).map((ip) => hex(ip.id, 4) ?? '')),
  'ip.ttl': (p) => all(versions(p, 4).map((ip) => ip.ttl)),
  'ip.proto': (p) => all(versions(p, 4).map((ip) => ip.protocol)),
  'ipv6.src': (p) => all(versions(p, 6).map((ip) => ip.source)),
  'ipv6.dst': (p) => all(versions(p, 6).map((ip) => ip.destination)),
  'ipv6.hlim': (p) => all(versions(p, 6).map((ip) => ip.ttl)),
  'tcp.srcport': (p) => p.tcp?.sourcePort ?? quotedPort(p, 6, 'sourcePort'),
  'tcp.dstport': (p) => p.tcp?.destinationPort ?? quotedPort(p, 6, 'destinationPort'),
  'tcp.seq_raw': (p) => p.tcp?.seq,
  'tcp.ack_raw': (p) => p.tcp?.ack,
  'tcp.flags': (p) => hex(p.tcp?.flags, 4),
  'tcp.window_size_value': (p) => p.tcp?.window,
  'tcp.len': (p) => p.tcp?.length,
  'tcp.options.mss_val': (p) => p.tcp?.options.mss,
  'tcp.options.wscale.shift': (p) => p.tcp?.options.windowScale,
  'tcp.options.timestamp.tsval': (p) => p.tcp?.options.timestamps?.value,
  'tcp.options.timestamp.tsecr': (p) => p.tcp?.options.timestamps?.echo,
  'tcp.options.sack_le': (p) => all(p.tcp?.options.sack?.map(({ left }) => left) ?? []),
  'tcp.options.sack_re': (p) => all(p.tcp?.options.sack?.map(({ right }) => right) ?? []),
  'udp.srcport': (p) => p.udp?.sourcePort ?? quotedPort(p, 17, 'sourcePort'),
  'udp.dstport': (p) => p.udp?.destinationPort ?? quotedPort(p, 17, 'destinationPort'),
  'arp.opcode': (p) => p.arp && arpCodes[p.arp.operation],
  'arp.src.proto_ipv4': (p) => p.arp?.senderAddress,
  'arp.dst.proto_ipv4': (p) => p.arp?.targetAddress,
  'icmp.type': (p) => (p.icmp?.version === 4 ? p.icmp.type : undefined),
  'icmp.code': (p) => (p.icmp?.version === 4 ? p.icmp.code : undefined),
  'icmpv6.type': (p) => (p.icmp?.version === 6 ? p.icmp.type : undefined),
  'icmpv6.code': (p) => (p.icmp?.version === 6 ? p.icmp.code : undefined),
};

const quotedPort = (packet: Packet, protocol: number, side: 'sourcePort' | 'destinationPort') =>
  packet.icmp?.quoted?.ip.protocol === protocol ? packet.icmp.quoted[side] : undefined;

type Row = Record<string, string>;
const ours = (packet: Packet): Row =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, of]) => {
      const value = of(packet);
      return value === undefined || value === '' ? [] : [[name, String(value)]];
    }),
  );

/** The values of these fields for every packet, empty ones left out. */
async function tshark(file: string, names: readonly string[]): Promise<Row[]> {
  const plain = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.relative_sequence_numbers:FALSE'];
  const args = ['-r', file, '-n', ...plain.flatMap((option) => ['-o', option]), '-T', 'fields', '-E', 'separator=/t'];
  const { stdout } = await run('tshark', [...args, ...names.flatMap((name) => ['-e', name])], { maxBuffer: 2 ** 28 });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) =>
      Object.fromEntries(line.split('\t').flatMap((value, i) => (value ? [[names[i] ?? '', value]] : []))),
    );
}

async function saved(name: string, bytes: Uint8Array): Promise<string> {
  const file = joinPath(folder, name);
  await writeFile(file, bytes);
  return file;
}

function decodeAll(bytes: Uint8Array): Packet[] {
  return new CaptureParser().push(bytes).map((frame, i) => decode(frame, { host: 'h', interface: 'i' }, i + 1));
}

describe('a real capture, read live', () => {
  it.each([
    ['pcapng of lo', ['-i', 'lo']],
    // Down to the last byte of the IPv6 header that an ICMPv6 error quotes.
    ['pcap of lo, cut to 102 bytes', ['-i', 'lo', '-P', '-s', '102']],
    ['pcapng of any, cooked', ['-i', 'any']],
  ])('%s: every field as tshark says', async (name, options) => {
    const { bytes, packets } = await capture(options);
    const wanted = await tshark(await saved(name.replaceAll(/\W/g, '-'), bytes), Object.keys(fields));
    expect(packets.map(ours)).toEqual(wanted);
    const has = (test: (packet: Packet) => unknown) => expect(packets.some(test)).toBe(true);
    has((p) => p.ip?.version === 6 && p.tcp?.flags === 0x12);
    has((p) => p.tcp && p.tcp.flags & 4 && p.tcp.length === 0);
    has((p) => p.icmp?.version === 4 && p.icmp.quoted?.destinationPort === 5998);
    has((p) => p.icmp?.version === 6 && p.icmp.quoted?.ip.source === '::1');
    has((p) => p.undecoded?.why.startsWith('a fragment'));
    has((p) => p.tcp && p.tcp.length > 1000);
  });
});

/** What a lab does not send by itself: tags, cooked captures, options, extension headers, odd loopbacks. */
const syn = tcp({ options: synOptions });
const oddities: [linkType: number, bytes: Uint8Array][] = [
  [1, ethernet(0x0800, ipv4(6, syn), [[0x8100, 5]])],
  [
    1,
    ethernet(0x86dd, ipv6(6, syn, 'fe80::1', '2001:db8:0:1::1'), [
      [0x88a8, 5],
      [0x8100, 6],
    ]),
  ],
  [
    1,
    ethernet(
      0x0800,
      ipv4(6, tcp({ options: [1, 1, 5, 18, ...be32(10), ...be32(20), ...be32(30), ...be32(40)], flags: 0xd0 }), {
        options: [7, 3, 4, 0],
      }),
    ),
  ],
  [
    1,
    ethernet(
      0x86dd,
      ipv6(
        0,
        join([60, 0, 1, 4, 0, 0, 0, 0], [44, 1, 1, 12, ...Array<number>(12).fill(0)], [6, 0, 0, 0, ...be32(9)], syn),
      ),
    ),
  ],
  [1, ethernet(0x86dd, ipv6(51, join([6, 4, 0, 0, ...Array<number>(20).fill(1)], syn)))],
  [
    1,
    ethernet(
      0x0806,
      join(
        [...be16(1), 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 192, 0, 2, 1, 2, 0, 0, 0, 0, 2, 192, 0, 2, 2],
        new Uint8Array(18),
      ),
    ),
  ],
  [1, ethernet(0x0800, ipv4(1, join([11, 0, 0, 0, 0, 0, 0, 0], ipv4(6, syn.subarray(0, 4), { totalLength: 60 }))))],
  [
    linkTypes.linuxSll,
    join(be16(4), be16(1), be16(6), [2, 0, 0, 0, 0, 1, 0, 0], be16(0x0800), ipv4(17, udp(ascii('x')))),
  ],
  [
    linkTypes.linuxSll2,
    join(be16(0x86dd), be16(0), be32(2), be16(1), [0, 6, 2, 0, 0, 0, 0, 1, 0, 0], ipv6(17, udp(ascii('x')))),
  ],
  [linkTypes.null, join([2, 0, 0, 0], ipv4(6, syn))],
  [linkTypes.null, join([0, 0, 0, 30], ipv6(6, syn))],
  [linkTypes.loop, join([0, 0, 0, 24], ipv6(6, syn))],
  [linkTypes.raw, ipv4(6, syn)],
  [linkTypes.ipv4, ipv4(17, udp(ascii('xyz')))],
  [linkTypes.ipv6, ipv6(6, syn)],
];

describe('a file of our own', () => {
  it('is decoded as tshark decodes it, whatever the link type', async () => {
    const writer = new PcapngWriter();
    const kinds = [...new Set(oddities.map(([linkType]) => linkType))];
    const blocks = oddities.map(([linkType, bytes]) =>
      writer.packet(kinds.indexOf(linkType), { seconds: 1, nanoseconds: 0, wireLength: bytes.length, bytes }),
    );
    const descriptions = kinds.map((linkType) => writer.interface({ name: `${linkType}`, linkType }));
    const file = join(writer.section(), ...descriptions, ...blocks);
    const seen = decodeAll(file);
    expect(seen.map(ours)).toEqual(await tshark(await saved('oddities.pcapng', file), Object.keys(fields)));
    expect(seen.filter(({ undecoded }) => undecoded)).toEqual([]);
  });

  it('shows Wireshark names, comments, statistics and nanoseconds', async () => {
    const writer = new PcapngWriter();
    const bytes = ethernet(0x0800, ipv4(6, syn, { source: '172.25.0.3', destination: '172.25.0.2' }));
    const captured = (nanoseconds: number, comment?: string) =>
      join(
        writer.section(),
        writer.interface({ name: 'eth', linkType: 1 }),
        writer.packet(0, {
          seconds: 1_700_000_000,
          nanoseconds,
          wireLength: 1514,
          bytes,
          ...(comment ? { comment } : {}),
        }),
      );
    const inputs = [captured(123_456_789, 'la première'), captured(123_456_788)].map((content, i) => ({
      name: `client1/eth${i}`,
      description: `network ${i}`,
      chunks: (async function* () {
        yield content;
      })(),
      statistics: (kept: number) => ({ at: 1_700_000_001_000_000, received: kept, dropped: 0, osDropped: 3 }),
    }));
    const section = { comment: 'first-client, labctl 0.1', hardware: 'h', os: 'Linux 6', application: 'labctl' };
    const merged = mergeCaptures(inputs, {
      section,
      names: [
        ['172.25.0.3', 'client1'],
        ['172.25.0.2', 'server'],
      ],
    });
    const chunks = [];
    for await (const chunk of merged) chunks.push(chunk);
    const file = await saved('merged.pcapng', Buffer.concat(chunks));

    const rows = await tshark(file, ['frame.time_epoch', 'frame.interface_name', 'frame.len', 'frame.comment']);
    expect(rows).toEqual([
      { 'frame.time_epoch': '1700000000.123456788', 'frame.interface_name': 'client1/eth1', 'frame.len': '1514' },
      {
        'frame.time_epoch': '1700000000.123456789',
        'frame.interface_name': 'client1/eth0',
        'frame.len': '1514',
        'frame.comment': 'la première',
      },
    ]);
    const hosts = await run('tshark', ['-r', file, '-q', '-z', 'hosts']);
    expect(hosts.stdout).toMatch(/172\.25\.0\.3\s+client1/);
    expect(hosts.stdout).toMatch(/172\.25\.0\.2\s+server/);
    const capinfos = (await run('capinfos', [file])).stdout;
    for (const line of [
      /Capture comment:\s+first-client, labctl 0\.1/,
      /Capture hardware:\s+h/,
      /Capture oper-sys:\s+Linux 6/,
      /Capture application:\s+labctl/,
      /Number of interfaces in file: 2/,
      /Name = client1\/eth0/,
      /Description = network 1/,
      /Time precision = nanoseconds \(9\)/,
      /Number of stat entries = 1/,
    ])
      expect(capinfos).toMatch(line);
  });
});
