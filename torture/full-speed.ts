// A bulk transfer at what the machine can carry, recorded at both ends: each packet is in both captures, or the drop counter
// says how many are not, and the report says so before everything else.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRun } from '../labctl/folder/read-run.ts';
import type { Packet } from '../labctl/model/packet.ts';
import type { RecordedRun } from '../labctl/model/run.ts';
import { engineOf, nothingMore, numberOf } from './arguments.ts';
import { say } from './say.ts';
import { Workplace } from './workplace.ts';

/** Nothing between the two programs and the kernel: no strace, the largest writes. */
const scenario = (megabytes: number): string => `
title: { en: "Full speed", fr: "Pleine vitesse" }
about: { en: "As fast as the kernel can.", fr: "Aussi vite que possible." }
hosts: [server, client1]
steps:
  - start: sink
    on: server
    trace: false
    run: [python3, -c, "import socket; s = socket.create_server(('', 5000)).accept()[0]; n = 0\\nwhile d := s.recv(1 << 20): n += len(d)\\nprint(n)"]
    until: { listens: 5000 }
  - start: source
    on: client1
    trace: false
    run: [python3, -c, "import socket; s = socket.create_connection(('server', 5000)); d = bytes(1 << 20)\\nfor _ in range(${megabytes}): s.sendall(d)"]
  - { exit: source, code: 0, within: 120s }
  - { exit: sink, code: 0, within: 120s }
`;

/** One packet at both its hosts: IPv4's identification tells a repetition from the original. */
const keyOf = ({ ip, tcp }: Packet): string | undefined =>
  ip && tcp
    ? [ip.source, ip.id, tcp.sourcePort, tcp.seq, tcp.ack, tcp.flags, tcp.length, tcp.window].join()
    : undefined;

interface Half {
  packets: number;
  /** In this capture and not in the other. */
  alone: number;
  dropped: number;
}

function halves({ packets, record }: RecordedRun): [Half, Half] {
  const seen = new Map<string, [number, number]>();
  for (const packet of packets) {
    const key = keyOf(packet);
    if (key === undefined) continue;
    const count = seen.get(key) ?? [0, 0];
    count[packet.point.host === 'server' ? 0 : 1] += 1;
    seen.set(key, count);
  }
  const half = (host: string, own: 0 | 1): Half => {
    const counts = [...seen.values()];
    return {
      packets: counts.reduce((sum, count) => sum + count[own], 0),
      alone: counts.reduce((sum, count) => sum + Math.max(0, count[own] - count[(1 - own) as 0 | 1]), 0),
      dropped: record.drops.filter((drop) => drop.host === host).reduce((sum, drop) => sum + drop.dropped, 0),
    };
  };
  return [half('server', 0), half('client1', 1)];
}

async function once(place: Workplace): Promise<string[]> {
  const { code, text } = await place.labctl('run', 'full.yml', '--json');
  const folder = join(place.folder, 'runs', place.lab, place.runs().at(-1) ?? '');
  if (code !== 0) return [`run ended with ${code}: ${text.trim().slice(-200)}`];
  const recorded = await readRun(folder);
  const [server, client] = halves(recorded);
  const times = recorded.packets.flatMap(({ tcp, at }) => (tcp ? [at] : []));
  const span =
    times.reduce((most, at) => Math.max(most, at), 0) - times.reduce((least, at) => Math.min(least, at), Infinity);
  const bytes = Number(/\d+/.exec(readFileSync(join(folder, 'output/sink.stdout'), 'utf8'))?.[0]);
  const dropped = server.dropped + client.dropped;
  say(
    `${(((bytes / span) * 8) / 1000).toFixed(2)} Gbit/s · server ${server.packets} packets, ${server.dropped} dropped · client1 ${client.packets}, ${client.dropped} dropped · in one capture alone: ${server.alone + client.alone}`,
  );
  const silent = [
    ...(client.alone > server.dropped ? [`the server lacks ${client.alone} packets and tells ${server.dropped}`] : []),
    ...(server.alone > client.dropped ? [`client1 lacks ${server.alone} packets and tells ${client.dropped}`] : []),
  ];
  const [head = ''] = (await place.labctl('show')).stdout.split('What happened');
  const untold = dropped > 0 && !/^✗ .* packets were dropped/m.test(head) ? ['the report does not say it first'] : [];
  rmSync(folder, { recursive: true });
  return [...silent, ...untold];
}

/** `[megabytes = 100] [engine = embedded] [times = 5]`; true when no packet was lost in silence. */
export async function fullSpeed(argv: string[]): Promise<boolean> {
  const [size = '100', wanted = 'embedded', count = '5', ...rest] = argv;
  nothingMore(rest);
  const [megabytes, engine, times] = [numberOf(size, 'megabytes'), engineOf(wanted), numberOf(count, 'times')];
  using place = new Workplace(`labctl-speed-${process.pid}`, engine);
  writeFileSync(join(place.folder, 'full.yml'), scenario(megabytes));
  let failed = 0;
  try {
    await place.labctl('up');
    for (let time = 1; time <= times; time++) {
      const faults = await once(place);
      for (const fault of faults) say(`transfer ${time}: ${fault}`);
      if (faults.length > 0) failed++;
    }
  } finally {
    await place.labctl('down');
  }
  say(`${times} transfers of ${megabytes} MB on ${engine}: ${failed} with packets lost in silence`);
  return failed === 0;
}
