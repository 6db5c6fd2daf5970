import { defineConfig } from 'vitest/config';

/** Tests on real engines share them, so their files run one after the other. */
const onEngines = {
  pool: 'threads',
  fileParallelism: false,
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
