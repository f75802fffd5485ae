import { defineConfig } from 'vitest/config'

/** The tests' own configuration: vite.config.ts is the playground page's, with another root. */
export default defineConfig({
  test: { include: ['test/**/*.test.ts'] },
})
