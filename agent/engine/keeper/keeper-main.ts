import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { systemClock } from '../../../shared/process/clock.js'
import { endInOrder, endNow } from './end-processes.js'
import type { KeeperWord } from './keeper-protocol.js'
import { keeperOrderSchema } from './keeper-protocol.js'
import { markVariable } from './marked-processes.js'

/**
 * Stands between an agent and a program of somebody else: starts it, says how it ended, and ends
 * everything it started when the agent lets go of it or dies in any way. Such programs do not watch
 * for that themselves, and an orphan would hold its device for ever.
 */

const collectSeconds = 5

const input = createInterface({ input: process.stdin })
const closed = new Promise<void>((resolve) => input.once('close', resolve))
const line = await Promise.race([
  new Promise<string>((resolve) => input.once('line', resolve)),
  closed.then(() => undefined),
])
// An agent that went away before it had an order.
if (line === undefined) process.exit(0)
const order: unknown = JSON.parse(line)
const { executable, args, env, cwd, mark, graceSeconds } = keeperOrderSchema.parse(order)

// The agent ends us by closing our input, in its own order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const say = (word: KeeperWord) =>
  new Promise<void>((resolve) => {
    process.stdout.write(`${JSON.stringify(word)}\n`, () => resolve())
  })
// An agent that is gone reads nothing.
process.stdout.on('error', () => undefined)

const child = spawn(executable, args, {
  cwd,
  env: { ...env, [markVariable]: mark },
  // Output goes where ours goes: the engine’s log.
  stdio: ['ignore', process.stderr, process.stderr],
  detached: true,
  shell: false,
})
child.once('error', (error) => {
  void say({ kind: 'failed', message: error.message }).then(() => process.exit(1))
})

const { pid } = child
if (pid !== undefined) {
  const processes = { pid, mark }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => void say({ kind: 'exited', code, signal }).then(resolve))
  })
  await say({ kind: 'spawned', pid })
  await Promise.race([ended, closed.then(() => endInOrder(processes, graceSeconds, systemClock))])
  await endNow(processes, systemClock)
  // Until its end has been collected it is still there for everybody else.
  await Promise.race([ended, systemClock.sleep(collectSeconds)])
  process.exit(0)
}
