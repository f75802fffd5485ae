import { defineConfig } from 'vitest/config'

/** The tests' own configuration: vite.config.ts is the playground page's, with another root. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts'],
    // A native module and child processes: each file in a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
