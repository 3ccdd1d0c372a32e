import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The project, not this folder: tests build and serve it.
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'tests/catalog/**/*.test.ts',
            'tests/build/**/*.test.ts',
            'tests/examples/**/*.test.ts',
            'tests/hosting/**/*.test.ts',
            'tests/bench/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'site',
          include: ['tests/site/**/*.test.ts', 'tests/search/**/*.test.ts'],
          globalSetup: 'tests/support/serve-dist.ts',
          // Two cores: one browser at a time, or axe and the renderer starve each other.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A browser beside a build takes its time; what is waited for comes or the test fails.
          expect: { poll: { interval: 20, timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'lighthouse',
          include: ['tests/lighthouse/**/*.test.ts'],
          globalSetup: 'tests/support/serve-dist.ts',
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
