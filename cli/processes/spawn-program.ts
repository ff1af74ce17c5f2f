import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { FmworkError } from '../../shared/domain/errors.js'
import type { Clock } from '../../shared/process/clock.js'
import { makeFolder } from '../../shared/process/make-folder.js'
import { programFailure } from './program-failure.js'
import type { Program, ProgramEnd, ProgramOrder, StartProgram } from './program.js'

const tailLines = 40

/** The compiled program of a kind, beside this compiled file. */
const scriptOf = (kind: ProgramOrder['kind']): string =>
  fileURLToPath(new URL(`../../${kind}/main.js`, import.meta.url))

export interface SpawnOptions {
  readonly clock: Clock
  /** Replaces the script of a kind; tests only. */
  readonly script?: (kind: ProgramOrder['kind']) => string
}

/** Starts coordinator and agents as child processes of this one. */
export function createProgramStarter({ clock, script = scriptOf }: SpawnOptions): StartProgram {
  return (order) => startProgram(order, script(order.kind), clock)
}

/** @throws FmworkError DATA_FOLDER_UNWRITABLE, before anything is started */
function makeLogFolder(logFile: string): void {
  const folder = dirname(logFile)
  try {
    makeFolder(folder)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new FmworkError(
      'DATA_FOLDER_UNWRITABLE',
      `cannot make the log folder ${folder}: ${why}`,
      {
        problems: [
          { field: '--data', value: dirname(folder), expected: 'expected a folder you may write' },
        ],
        cause,
      },
    )
  }
}

function startProgram(order: ProgramOrder, script: string, clock: Clock): Program {
  if (order.logFile !== undefined) makeLogFolder(order.logFile)
  const child = spawn(process.execPath, [script, ...order.args], {
    // A pipe, held open: its end tells the program that we are gone.
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C in the terminal reaches us only, and we stop it in order.
    detached: true,
  })
  child.stdin.on('error', () => {
    // A program that ends first breaks the pipe; `ended` tells of it.
  })
  const ended = endOf(child, order)
  const ready = readyOf(child, ended, order)
  // Whoever does not wait for readiness learns of the failure through `ended`.
  ready.catch(() => undefined)

  let stopping: Promise<ProgramEnd> | undefined
  return {
    name: order.name,
    pid: child.pid ?? -1,
    ready,
    ended,
    stop(graceSeconds) {
      stopping ??= stopChild(child, ended, graceSeconds, clock)
      return stopping
    },
    kill() {
      child.kill('SIGKILL')
    },
  }
}

async function stopChild(
  child: ChildProcess,
  ended: Promise<ProgramEnd>,
  graceSeconds: number,
  clock: Clock,
): Promise<ProgramEnd> {
  child.kill('SIGTERM')
  const cancel = clock.after(graceSeconds, () => child.kill('SIGKILL'))
  const end = await ended
  cancel()
  return end
}

function endOf(child: ChildProcess, order: ProgramOrder): Promise<ProgramEnd> {
  const tail: string[] = []
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      tail.push(line)
      if (tail.length > tailLines) tail.shift()
    })
    if (order.logFile !== undefined) {
      const file = createWriteStream(order.logFile, { flags: 'a' })
      file.on('error', () => {
        // The log is a convenience; the tail above is what errors are read from.
      })
      child.stderr.pipe(file)
    }
  }
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, tail }))
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, tail: [error.message] })
    })
  })
}

function readyOf(
  child: ChildProcess,
  ended: Promise<ProgramEnd>,
  order: ProgramOrder,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    void ended.then((end) => reject(programFailure(order.name, end, order.logFile)))
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).once('line', (line) => {
      try {
        resolve(JSON.parse(line) as Record<string, unknown>)
      } catch (cause) {
        reject(
          new FmworkError(
            'INTERNAL',
            `the ${order.name} process said ${line} instead of a ready line`,
            {
              cause,
            },
          ),
        )
      }
    })
  })
}
