#!/usr/bin/env node
import { once } from 'node:events'
import { runCli } from './cli/run.ts'

// Whoever reads us through a pipe may go away (`| head`); that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  out: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  err: (text) => {
    process.stderr.write(text)
  },
})
