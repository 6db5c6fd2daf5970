import { defineConfig } from 'vitest/config';

/**
 * Tests on real engines wait most of the time, so three files run at once, after the unit tests: one engine's beside the
 * other's or beside those that need none, as it comes. Each file's labs have names of their own.
 */
const onEngines = {
  pool: 'threads',
  maxWorkers: 3,
  sequence: { groupOrder: 1 },
  testTimeout: 120_000,
  hookTimeout: 300_000,
} as const;

// Unit tests lie beside the code and need nothing. What an engine must do is one suite, test/both/, run twice; what
// only one of them has, and what needs a machine but no lab, is `engine`.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['labctl/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          // Nothing here waits for anything; only a crowded machine is slow.
          testTimeout: 30_000,
        },
      },
      { test: { ...onEngines, name: 'engine', include: ['test/**/*.test.ts'], exclude: ['test/both/**'] } },
      ...(['docker', 'embedded'] as const).map((engine) => ({
        test: { ...onEngines, name: engine, include: ['test/both/*.test.ts'], provide: { engine } },
      })),
    ],
  },
});
