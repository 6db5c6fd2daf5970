import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Watch } from '../../labctl/commands/watch.ts';
import { now } from '../../labctl/model/time.ts';
import { packageRoot } from '../../labctl/root.ts';
import type { LadderRow } from '../../labctl/views/ladder-rows.ts';
import { labName } from '../engine-under-test.ts';
import { labctl } from '../labctl.ts';
import { type RunLab, runLab } from '../run-lab.ts';

const name = labName('watch');
let lab: RunLab;
beforeAll(async () => {
  lab = await runLab('watch');
});
afterAll(() => lab[Symbol.asyncDispose]());

it('draws the rows of the ladder while the run goes on, half of them within 50 ms of the wire', async () => {
  const scenario = lab.scenario('many-clients');
  const rows: LadderRow[] = [];
  const drawn: { row: LadderRow; at: number }[] = [];
  const style = { color: false, unicode: true, width: 100, language: 'en' } as const;
  const lines: string[] = [];
  let zero = 0;
  const watch = new Watch({
    ...{ scenario, style },
    print: (text, row) => {
      rows.push(row);
      lines.push(...text);
      drawn.push({ row, at: now() - zero });
    },
  });
  const { run } = await lab.run(scenario, {
    watcher: watch,
    onEvent: (event) => {
      if (event.kind === 'step-began' && zero === 0) zero = event.at;
      watch.event(event);
    },
  });
  watch.end();
  const delays = drawn.flatMap(({ row, at }) => (row.kind === 'arrow' ? [at - row.at] : [])).sort((a, b) => a - b);
  const median = (delays[Math.floor(delays.length / 2)] ?? 0) / 1000;
  process.stdout.write(`run --watch: from wire to row, median of ${delays.length} packets ${median.toFixed(1)} ms\n`);
  expect(median).toBeLessThan(50);
  const seen = run.packets.filter(({ tcp, point }) => tcp && point.host === 'server');
  expect(delays.length).toBeGreaterThanOrEqual(seen.length);
  expect(lines.join('\n')).toMatch(/client1 .*server/);
  expect(lines.join('\n')).toMatch(/SYN: client1 asks to connect/);
  const arrows = rows.flatMap((row) => (row.kind === 'arrow' ? [row] : []));
  // On a busy machine one host's capture may be heard of late: then its packets arrive in rows of their own.
  const late = arrows.filter(({ part }) => part === 'arrives').map(({ number }) => number);
  expect(arrows.filter(({ arrivedAt }) => arrivedAt === undefined).map(({ number }) => number)).toEqual(late);
  const numbers = arrows.flatMap(({ number, part }) => (part === 'arrives' ? [] : [number]));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
});

it('shows the growing ladder in the place of progress, and leaves a report page', async () => {
  const { code, stdout, stderr } = await labctl(['--lab', name, 'run', 'first-client', '--watch']);
  try {
    expect(code).toBe(0);
    expect(stderr).toMatch(/#\s+seconds client1\s+server/);
    expect(stderr).toMatch(/├── :\d+ S seq 0 ─.* µs ─►│ SYN: client1 asks/);
    expect(stderr).toContain('hello, I am the third run');
    const [page = ''] = new RegExp(`runs/${name}/\\S+/report\\.html`).exec(stdout) ?? [];
    expect(existsSync(join(packageRoot, page))).toBe(true);
  } finally {
    await rm(join(packageRoot, 'runs', name), { recursive: true, force: true });
  }
});
