import { defineConfig } from 'vite'

/** Builds the playground's page into dist/page; the server reads it from there. */
export default defineConfig({
  root: 'src/playground/page',
  // Relative, so that the page works wherever the server mounts it.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: true,
  },
})
