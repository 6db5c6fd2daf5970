// Runs the benchmarks named as arguments, or all of them, and prints each row as soon as it is known.

import { type Row, rowText } from './row.ts';

const benches: Record<string, () => Promise<AsyncIterable<Row>>> = {
  start: async () => (await import('./start-time.ts')).benchStartTime(),
  first: async () => (await import('./first-start.ts')).benchFirstStart(),
  run: async () => (await import('./run-time.ts')).benchRunTime(),
  capture: async () => (await import('./show-capture.ts')).benchShowCapture(),
  embedded: async () => (await import('./embedded.ts')).benchEmbedded(),
  up: async () => (await import('./up.ts')).benchUp(),
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(benches)) {
  for await (const row of (await benches[name]?.()) ?? []) process.stdout.write(`${rowText(row)}\n`);
}
