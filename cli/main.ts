#!/usr/bin/env node
import { CommanderError } from 'commander'
import { asFmworkError, errorTable, formatError } from '../shared/domain/errors.js'
import { systemClock } from '../shared/process/clock.js'
import { connectSweepDesk } from '../shared/rpc/sweep-desk-client.js'
import type { CliContext } from './context.js'
import { createProgramStarter } from './processes/spawn-program.js'
import { createProgram } from './program.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const context: CliContext = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  workingDirectory: process.cwd(),
  clock: systemClock,
  connect(address, access) {
    const desk = connectSweepDesk(address, access)
    return {
      desk,
      close: () => {
        desk.close()
        return Promise.resolve()
      },
    }
  },
  startProgram: createProgramStarter({ clock: systemClock }),
  onInterrupt(handler) {
    for (const signal of signals) process.on(signal, handler)
    return () => {
      for (const signal of signals) process.off(signal, handler)
    }
  },
}

/** Runs one command line. @returns the process’s exit code */
async function main(argv: readonly string[]): Promise<number> {
  let exit = 0
  try {
    await createProgram(context, (code) => {
      exit = code
    }).parseAsync([...argv])
    return exit
  } catch (thrown) {
    // Commander has told help, version or a mistake in the words itself.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : errorTable.USAGE.exit
    const error = asFmworkError(thrown)
    context.stderr.write(`${formatError(error)}\n`)
    if (error.code === 'INTERNAL' && process.env.FMWORK_LOG_LEVEL === 'debug') {
      context.stderr.write(`${error.cause instanceof Error ? (error.cause.stack ?? '') : ''}\n`)
    }
    return error.exitCode
  }
}

// A reader that leaves early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

process.exitCode = await main(process.argv)
// Anything still open by now is ours to let go.
process.exit()
