// Measures `labctl up` and `down` against the engine's own floor and against docker-compose, one after the other.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkConfig, wantedHosts, wantedNetworks } from '../labctl/engine/docker/config.ts';
import { openDocker } from '../labctl/engine/docker/docker-engine.ts';
import type { Lab } from '../labctl/model/lab.ts';
import { packageRoot } from '../labctl/root.ts';
import type { Calls } from './floor.ts';
import { composeText, labOf } from './lab-of.ts';
import { median, type Row } from './row.ts';
import { timed } from './timed.ts';

/** Hosts → how often each is measured: a multiple of the contestants, so that each goes first equally often. */
const sizes = [
  { hosts: 4, times: 6 },
  { hosts: 20, times: 3 },
  { hosts: 50, times: 3 },
  { hosts: 100, times: 1 },
];
/** As parallel as the engine bears: with more at a time 20.10 loses count of a network's endpoints. */
const parallel = { up: '4', down: '4' };
const mostOfFloor = 1.1;
const mostOfCompose = 0.75;
/** What a straight line may bend: one more host beyond 20, beside one more up to there. */
const bend = 1.25;
const labName = 'labctl-bench';

/** How one of the contestants is called for `up` and `down`. */
interface Contestant {
  name: string;
  argv: (verb: 'up' | 'down') => [string, ...string[]];
}

/** The same creations, without the labels that find them again: the floor removes what it made by name. */
function callsOf(lab: Lab): Calls {
  const owner = { lab: lab.name, file: lab.file, version: '0' };
  return {
    networks: wantedNetworks(lab).map((wanted, index) => networkConfig(wanted, owner, [`10.213.${128 + index}.0/24`])),
    hosts: wantedHosts(lab, owner, new Map()).map(({ name, config, further }) => ({
      config: { name, ...config },
      further,
    })),
  };
}

function contestants(folder: string): Contestant[] {
  const dist = join(packageRoot, 'dist');
  const compose = ['docker-compose', '-p', labName, '-f', join(folder, 'docker-compose.yml')] as const;
  return [
    {
      name: 'labctl',
      argv: (verb) => [process.execPath, join(dist, 'cli.cjs'), '--lab', labName, verb],
    },
    {
      name: 'floor',
      argv: (verb) => [
        process.execPath,
        join(dist, 'bench', 'floor.js'),
        verb,
        join(folder, 'calls.json'),
        parallel[verb],
      ],
    },
    { name: 'docker-compose', argv: (verb) => [...compose, ...(verb === 'up' ? ['up', '-d'] : ['down', '-t', '1'])] },
  ];
}

/** Another goes first in each round: the engine still cleans up after a `down` while the next contestant begins. */
const inTurn = <Value>(values: readonly Value[], round: number): Value[] => {
  const first = round % values.length;
  return [...values.slice(first), ...values.slice(0, first)];
};

type Times = Record<'up' | 'down', number[]>;

async function measure(lab: Lab, times: number): Promise<Map<string, Times>> {
  const folder = mkdtempSync(join(tmpdir(), 'labctl-bench-'));
  writeFileSync(join(folder, 'docker-compose.yml'), composeText(lab));
  writeFileSync(join(folder, 'calls.json'), JSON.stringify(callsOf(lab)));
  const measured = new Map<string, Times>();
  try {
    for (let round = 0; round < times; round++) {
      for (const { name, argv } of inTurn(contestants(folder), round)) {
        const { up, down } = measured.get(name) ?? { up: [], down: [] };
        up.push(await timed(argv('up'), folder));
        down.push(await timed(argv('down'), folder));
        measured.set(name, { up, down });
      }
    }
  } finally {
    await (await openDocker()).down(labName);
    rmSync(folder, { recursive: true });
  }
  return measured;
}

function rowOf(verb: 'up' | 'down', hosts: number, measured: Map<string, Times>): Row {
  const of = (name: string) => median(measured.get(name)?.[verb] ?? []);
  return {
    title: `${verb}, ${hosts} hosts`,
    labctl: of('labctl'),
    others: [
      { name: 'floor', milliseconds: of('floor'), most: mostOfFloor },
      { name: 'docker-compose', milliseconds: of('docker-compose'), most: mostOfCompose },
    ],
  };
}

/** Rows for `up` and `down` at each size, as they are measured. The images are built first, outside of the times. */
export async function* benchUp(): AsyncGenerator<Row> {
  const engine = await openDocker();
  await engine.build(await labOf(labName, 4));
  await engine.down(labName);
  const ups = new Map<number, number>();
  for (const { hosts, times } of sizes) {
    const measured = await measure(await labOf(labName, hosts), times);
    const up = rowOf('up', hosts, measured);
    ups.set(hosts, up.labctl);
    yield up;
    yield rowOf('down', hosts, measured);
  }
  const oneMore = (from: number, to: number) => ((ups.get(to) ?? Number.NaN) - (ups.get(from) ?? 0)) / (to - from);
  yield {
    title: 'up, one more host between 20 and 100',
    labctl: oneMore(20, 100),
    others: [{ name: 'one more between 4 and 20', milliseconds: oneMore(4, 20), most: bend }],
  };
}
