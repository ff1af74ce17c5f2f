#!/usr/bin/env node
import { CommanderError } from 'commander'
import { errorTable } from '../shared/domain/error-table.js'
import { systemClock } from '../shared/process/clock.js'
import { drained } from '../shared/process/drained.js'
import type { CliContext } from './context.js'
import { tellFailure } from './failure.js'
import { createBrowserOpener } from './processes/open-browser.js'
import { createProgramStarter } from './processes/spawn-program.js'
import { createProgram } from './program.js'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const context: CliContext = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  workingDirectory: process.cwd(),
  clock: systemClock,
  async connect(address, access) {
    // A good half of the time that a command takes to start is gRPC’s, which most never need.
    const { connectSweepDesk } = await import('../shared/rpc/sweep-desk-client.js')
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
  openBrowser: createBrowserOpener(systemClock),
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
  let dataFolder: string | undefined
  try {
    const program = createProgram(context, (code) => {
      exit = code
    })
    program.hook('preAction', (_, command) => {
      dataFolder = command.opts<{ data?: string }>().data
    })
    await program.parseAsync([...argv])
    return exit
  } catch (thrown) {
    // Commander has told help, version or a mistake in the words itself.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : errorTable.USAGE.exit
    const failure = tellFailure(thrown, dataFolder, context.clock)
    context.stderr.write(`${failure.text}\n`)
    return failure.exit
  }
}

// A reader that leaves early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

process.exitCode = await main(process.argv)
// A pipe takes 64 KiB at once, and what it has not taken is lost with the process.
await Promise.all([drained(process.stdout), drained(process.stderr)])
// Anything still open by now is ours to let go.
process.exit()
