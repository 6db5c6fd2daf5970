import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Host } from '../../labctl/engine/engine.ts';
import { labName } from '../engine-under-test.ts';
import { type RunLab, runLab } from '../run-lab.ts';

const name = labName('crowd');
let lab: RunLab;
let host: Host;
beforeAll(async () => {
  lab = await runLab('crowd', 'embedded');
  host = await lab.engine.host(name, 'server');
});
afterAll(() => lab[Symbol.asyncDispose]());

it('answers however many ask at once', async () => {
  const found = await Promise.all(Array.from({ length: 300 }, () => lab.engine.find(name)));
  expect(found.filter((one) => one === undefined)).toEqual([]);
  const codes = await Promise.all(Array.from({ length: 50 }, async () => (await host.exec(['true'])).exitCode));
  expect(codes.filter((code) => code !== 0)).toEqual([]);
});

it('loses nothing of a program that ended before its input came', async () => {
  const running = await host.spawn(['echo', 'done']);
  await host.exec(['sh', '-c', 'while pgrep -x echo; do sleep 0.01; done']);
  await new Promise<void>((resolve) => running.stdin.end('late', resolve));
  await host.exec(['true']);
  let text = '';
  for await (const { bytes } of running.output) text += Buffer.from(bytes).toString();
  expect([text, await running.exitCode]).toEqual(['done\n', 0]);
});
