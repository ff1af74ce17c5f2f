import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, vi } from 'vitest'

/** The built command line program. */
export const cliProgram = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
/** Folder of the dashboard’s built pages. */
export const builtPages = fileURLToPath(
  new URL('../../dist/coordinator/dashboard/', import.meta.url),
)

export interface CliResult {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command line to its end, in `folder`, with more variables than ours. */
export function fmwork(
  folder: string,
  args: readonly string[],
  timeoutSeconds = 60,
  variables: Readonly<Record<string, string>> = {},
): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cliProgram, ...args], {
    cwd: folder,
    env: { ...process.env, ...variables },
    encoding: 'utf8',
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  })
  return { exit: status, stdout, stderr }
}

/** Whether `read` of a process succeeded; one that ended meanwhile is no process. */
function whileAlive<T>(read: () => T, gone: T): T {
  try {
    return read()
  } catch {
    return gone
  }
}

/** Processes that were started in `folder` or name it in their arguments, zombies left out. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      const words = whileAlive(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '')
      const cwd = whileAlive(() => readlinkSync(`/proc/${pid}/cwd`), '')
      const ours = words !== '' && (words.includes(folder) || cwd.startsWith(folder))
      return ours ? [`${pid} ${words.replaceAll('\0', ' ')}`] : []
    })
}

/** Passes once nothing that was started in `folder` runs any more. */
export const expectNoProcess = (folder: string): Promise<void> =>
  vi.waitFor(
    () => {
      expect(processesOf(folder)).toEqual([])
    },
    { timeout: 20_000, interval: 100 },
  )
