// Runs written by hand for tests: packets and calls as lines of text, hosts by name.

import type { Call, CallEvent } from '../model/call.ts';
import { type Expectation, expectationSchemas } from '../model/expectation.ts';
import type { Look, SocketRow } from '../model/look.ts';
import { flagBits, type Packet, type Tcp } from '../model/packet.ts';
import { type RecordedRun, type RunEvent, runVersion } from '../model/run.ts';
import type { Scenario } from '../model/scenario.ts';

/** Every test host has one address on `lab`: server .2, client1 .11, client2 .12, client3 .13; gone .99 is nobody's. */
export const addressOf: Record<string, string> = {
  server: '10.0.0.2',
  client1: '10.0.0.11',
  client2: '10.0.0.12',
  client3: '10.0.0.13',
  gone: '10.0.0.99',
  loopback: '127.0.0.1',
};

const flagOf: Record<string, number> = {
  S: flagBits.syn,
  F: flagBits.fin,
  R: flagBits.rst,
  P: flagBits.psh,
  '.': flagBits.ack,
};

/** Where sequence numbers of a sending end begin: far from 0, so that relative ones are seen to be relative. */
const isn = (port: number): number => port * 1000;

function header(text: string): Tcp {
  const [, ports = '', flags = '', rest = ''] = /^(\S+) (\S+)(.*)$/.exec(text) ?? [];
  const [sourcePort = 0, destinationPort = 0] = ports.split('>').map(Number);
  const number = (name: string): number | undefined => {
    const found = new RegExp(`\\b${name} (\\d+)`).exec(rest)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const ack = number('ack');
  const tsval = number('tsval');
  const blocks = /\bsack ([\d:,]+)/
    .exec(rest)?.[1]
    ?.split(',')
    .map((block) => {
      const [left = 0, right = 0] = block.split(':').map((edge) => isn(destinationPort) + Number(edge));
      return { left, right };
    });
  const letters = flags === 'none' ? '' : flags;
  return {
    sourcePort,
    destinationPort,
    seq: isn(sourcePort) + (number('seq') ?? 0) + (number('isn') ?? 0),
    ack: ack === undefined ? 0 : isn(destinationPort) + ack + (number('isn') ?? 0),
    flags: letters.split('').reduce((bits, letter) => bits | (flagOf[letter] ?? 0), 0),
    window: number('win') ?? 500,
    options: {
      ...(tsval === undefined ? {} : { timestamps: { value: tsval, echo: 0 } }),
      ...(blocks === undefined ? {} : { sack: blocks }),
    },
    length: number('length') ?? 0,
  };
}

const nobody = { ttl: 64, version: 4 as const };

/**
 * `0.000100 client1 > server 41022>5000 P. seq 1 ack 1 length 6 id 7` → its fields; `✗` at the end: lost on its way;
 * `arrives 30,900`: after so many microseconds, here twice.
 */
function parsePacket(line: string) {
  const match = /^(\d+\.\d+) (\S+) > (\S+) (.*?)( ✗)?$/.exec(line.trim());
  if (!match) throw new Error(`not a packet line: ${line}`);
  const [, seconds = '', from = '', to = '', rest = '', lost] = match;
  const id = Number(/\bid (\d+)/.exec(rest)?.[1] ?? 0);
  const given = /\barrives ([\d,]+)/.exec(rest)?.[1]?.split(',').map(Number);
  const arrivals = lost === undefined ? (given ?? [travel]) : [];
  return { at: Math.round(Number(seconds) * 1_000_000), from, to, rest, id, arrivals };
}

/** Microseconds that a test packet takes from host to host. */
export const travel = 30;

type Layers = Pick<Packet, 'tcp' | 'udp' | 'icmp' | 'arp'>;

const protocolOf = ({ udp, icmp }: Layers): number => (udp ? 17 : icmp ? 1 : 6);

/** `41022>5000 UDP length 5`, `ICMP 3/3 41022>5000` (quoting a datagram), `ARP request`; all else is TCP. */
function layersOf(rest: string, from: string, to: string): Layers & { length: number } {
  const [, sourcePort, destinationPort, size] = /^(\d+)>(\d+) UDP length (\d+)/.exec(rest) ?? [];
  if (size !== undefined) {
    const udp = { sourcePort: Number(sourcePort), destinationPort: Number(destinationPort), length: Number(size) };
    return { udp, length: udp.length };
  }
  const [, type, code, quotedSource, quotedDestination] = /^ICMP (\d+)\/(\d+) (\d+)>(\d+)/.exec(rest) ?? [];
  if (type !== undefined) {
    const ip = { ...nobody, source: addressOf[to] ?? to, destination: addressOf[from] ?? from, protocol: 17, id: 0 };
    const quoted = { ip, sourcePort: Number(quotedSource), destinationPort: Number(quotedDestination) };
    return { icmp: { version: 4, type: Number(type), code: Number(code), quoted }, length: 36 };
  }
  const operation = /^ARP (request|reply)/.exec(rest)?.[1] as 'request' | 'reply' | undefined;
  if (operation === undefined) {
    const tcp = header(rest);
    return { tcp, length: tcp.length };
  }
  const arp = { operation, senderAddress: addressOf[from] ?? from, targetAddress: addressOf[to] ?? to };
  return { arp, length: 0 };
}

/** Packets as both captures show them; a host that is in `unrecorded` has no capture. */
export function packets(text: string, unrecorded: readonly string[] = []): Packet[] {
  const all: Packet[] = [];
  const see = (host: string, name: string, packet: Omit<Packet, 'frame' | 'point'>): void => {
    if (unrecorded.includes(host) || host === 'gone') return;
    all.push({ ...packet, frame: 0, point: { host, interface: name } });
  };
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const { at, from, to, rest, id, arrivals } = parsePacket(line);
    const { length, ...layers } = layersOf(rest, from, to);
    const inside = from === to;
    const address = (name: string): string => addressOf[inside ? 'loopback' : name] ?? name;
    const ip = { ...nobody, source: address(from), destination: address(to), protocol: protocolOf(layers), id };
    const bytes = { wireLength: 54 + length, capturedLength: 54 + length, payload: new Uint8Array(length) };
    const packet = { ...(layers.arp ? {} : { ip }), ...layers, ...bytes };
    see(from, inside ? 'lo' : 'eth0', { at, ...packet });
    if (!inside) for (const after of arrivals) see(to, 'eth0', { at: at + after, ...packet });
  }
  return numbered(all);
}

/** Frames count in each host's capture, in order of time. */
function numbered(all: readonly Packet[]): Packet[] {
  const frames = new Map<string, number>();
  return all
    .toSorted((a, b) => a.at - b.at)
    .map((packet) => {
      const { host } = packet.point;
      frames.set(host, (frames.get(host) ?? 0) + 1);
      return { ...packet, frame: frames.get(host) ?? 0 };
    });
}

/** `0.001 server/7 accept(3<socket:[70]>, server:41022) = 4<socket:[71]> <0.000100>`; an address is `host:port` or `ip:port`. */
export function call(line: string, number: number): Call {
  const match = /^(\d+\.\d+) (\w+)(?:@(\w+))?\/(\d+) (\w+)\((.*)\)(?: = (\S+)(?: (E\w+))?)?(?: <([\d.]+)>)?$/.exec(
    line.trim(),
  );
  if (!match) throw new Error(`not a call line: ${line}`);
  const [, seconds = '', program = '', host = program, pid = '', name = '', argumentText = '', given, errno, took] =
    match;
  const args = argumentText === '' ? [] : argumentText.split(', ');
  const worksOn = (args[0]?.includes('<pipe:') ? args[2] : args[0]) ?? '';
  const socket = /^(\d+)<socket:\[(\d+)\]>$/.exec(/</.test(given ?? '') ? (given ?? '') : worksOn);
  const descriptor = /^(\d+)/.exec(args[0] ?? '')?.[1];
  const [, named, port] = args.map((text) => /^([a-z][a-z0-9]*|[\d.]+):(\d+)$/.exec(text)).find(Boolean) ?? [];
  const result = given === undefined || given === '?' ? undefined : Number(given.replace(/<.*/, ''));
  return {
    kind: 'call',
    number,
    program,
    host,
    pid: Number(pid),
    at: Math.round(Number(seconds) * 1_000_000),
    name,
    args,
    ...(took === undefined ? {} : { took: Math.round(Number(took) * 1_000_000) }),
    ...(result === undefined ? {} : { result }),
    ...(errno === undefined ? {} : { errno }),
    ...(socket ? { fd: Number(socket[1]), inode: Number(socket[2]) } : descriptor ? { fd: Number(descriptor) } : {}),
    ...(named ? { address: { address: addressOf[named] ?? named, port: Number(port) } } : {}),
  };
}

/** Calls of several programs, one a line; each program's calls are numbered from 1. */
export function calls(text: string): Call[] {
  const numbers = new Map<string, number>();
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const program = /^\s*\S+ (\w+)/.exec(line)?.[1] ?? '';
      numbers.set(program, (numbers.get(program) ?? 0) + 1);
      return call(line, numbers.get(program) ?? 0);
    });
}

export function socketRow(row: Partial<SocketRow> & Pick<SocketRow, 'state' | 'local' | 'peer'>): SocketRow {
  return {
    row: 1,
    protocol: 'tcp',
    receiveQueue: 0,
    sendQueue: 0,
    inode: 0,
    uid: 1000,
    owners: [],
    engineOwned: false,
    ...row,
  };
}

export function look(name: string, host: string, parts: Partial<Look> = {}): Look {
  return { name, host, at: 0, sockets: [], processes: [], counters: {}, ...parts };
}

export interface RunParts {
  hosts?: readonly string[];
  packets?: readonly Packet[];
  calls?: readonly CallEvent[];
  looks?: readonly Look[];
  events?: readonly RunEvent[];
  expect?: readonly object[];
  tables?: Scenario['tables'];
  /** Packets dropped at `host/interface`. */
  drops?: Record<string, number>;
  sources?: RecordedRun['sources'];
}

function scenarioOf(parts: RunParts, hosts: readonly string[]): Scenario {
  const text = { en: '', fr: '' };
  const place = { file: 'scenarios/test.yml', line: 9, col: 1 };
  const expect = (parts.expect ?? []).map((one) => {
    const kind = Object.keys(expectationSchemas).find((key) => key in one);
    return { id: 'it', say: text, kind, place, ...one } as Expectation;
  });
  return {
    name: 'test',
    file: place.file,
    title: text,
    about: text,
    hosts: [...hosts],
    steps: [],
    expect,
    ...(parts.tables ? { tables: parts.tables } : {}),
  };
}

/** A run that recorded all its hosts from 0 s to 100 s. */
export function recordedRun(parts: RunParts): RecordedRun {
  const hosts = parts.hosts ?? ['client1', 'server'];
  const points = hosts.flatMap((host) => ['eth0', 'lo'].map((name) => ({ host, interface: name })));
  const programs = new Map((parts.calls ?? []).map(({ program, host }) => [program, host]));
  return {
    folder: '/runs/test',
    scenario: scenarioOf(parts, hosts),
    events: [
      ...hosts.map((host): RunEvent => ({ kind: 'recording-started', at: 0, host, interfaces: ['eth0', 'lo'] })),
      ...(parts.events ?? []),
      ...points.map(
        (point): RunEvent => ({ kind: 'recording-stopped', at: 100_000_000, captured: 9, dropped: 0, ...point }),
      ),
    ],
    packets: [...(parts.packets ?? [])],
    calls: [...(parts.calls ?? [])],
    looks: [...(parts.looks ?? [])],
    sources: parts.sources ?? {},
    record: {
      version: runVersion,
      labctl: '0',
      lab: 'test',
      scenario: 'test',
      engine: { name: 'docker', version: '20' },
      kernel: '6',
      started: 0,
      ended: 100_000_000,
      outcome: 'complete',
      hosts: hosts.map((name) => ({
        name,
        interfaces: [
          { name: 'eth0', network: 'lab', addresses: [addressOf[name] ?? ''] },
          { name: 'lo', network: 'loopback', addresses: ['127.0.0.1'] },
        ],
        sysctls: { 'net.ipv4.ip_local_port_range': '32768\t60999' },
        congestionControl: 'cubic',
      })),
      programs: [...programs].map(([name, host]) => ({ name, host, argv: [name], traced: 'calls' })),
      drops: points.map((point) => ({
        ...point,
        captured: 9,
        dropped: parts.drops?.[`${point.host}/${point.interface}`] ?? 0,
      })),
    },
  };
}
