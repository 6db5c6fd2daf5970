import { defineConfig } from 'vitest/config';

// Two projects: unit tests lie beside the code and need nothing; engine tests lie in test/ and share one engine,
// so their files run one after the other.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['labctl/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'engine',
          include: ['test/**/*.test.ts'],
          pool: 'threads',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
