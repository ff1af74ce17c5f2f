import { spawn } from 'node:child_process'
import type { Clock } from '../../shared/process/clock.js'

/**
 * Shows an address in the reader’s browser.
 *
 * @returns why it could not; undefined when it was shown, as far as the system says. Never rejects.
 */
export type OpenBrowser = (url: string) => Promise<string | undefined>

/** Seconds in which an opener says what is wrong; one that goes on is the browser itself. */
const patience = 2

/** What hands an address to the browser of the reader’s choice; xdg-open everywhere else. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  // Unlike `start` it reads no shell’s signs into the address.
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

export function createBrowserOpener(
  clock: Pick<Clock, 'after'>,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): OpenBrowser {
  const [program, ...before] = openers[platform] ?? ['xdg-open']
  return (url) =>
    new Promise((resolve) => {
      const child = spawn(program, [...before, url], { env, detached: true, stdio: 'ignore' })
      const cancel = clock.after(patience, () => {
        resolve(undefined)
      })
      const end = (why: string | undefined) => {
        cancel()
        resolve(why)
      }
      child.once('error', (error: NodeJS.ErrnoException) => {
        end(error.code === 'ENOENT' ? `there is no ${program} on this host` : error.message)
      })
      child.once('exit', (code, signal) => {
        end(code === 0 ? undefined : `${program} ended with ${code ?? signal ?? 'no code'}`)
      })
      child.unref()
    })
}
