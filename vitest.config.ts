import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.setup.ts'],
    // So long only to end what hangs: a machine with other work may take ten times as long as one without.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
