import { defineConfig } from 'vitest/config'

/** The tests' own configuration: vite.config.ts is the playground page's, with another root. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres.ts'],
    // A native module and child processes: each file in a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    // A shared CI machine can stall a browser for longer than any sensible time-out; a test that needed a second try is reported.
    retry: process.env.CI === 'true' ? 2 : 0,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
})
