import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../shared/process/clock.js'
import { processStart } from '../../shared/process/process-start.js'
import { QuietLock } from '../../shared/process/quiet-lock.js'

it('a holder that is killed frees the host for the next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fmwork-locks-'))
  const child = spawn(process.execPath, [
    '-e',
    'console.log(1); setInterval(() => undefined, 1000)',
  ])
  await once(child.stdout, 'data')
  const pid = child.pid ?? 0
  const startTicks = processStart(pid)
  const holder = {
    id: 'x',
    pid,
    agent: 'doomed',
    ...(startTicks === undefined ? {} : { startTicks }),
  }
  writeFileSync(join(folder, 'cpu.lock'), JSON.stringify(holder))
  const lock = new QuietLock({ clock: systemClock, agent: 'next', devices: ['cpu'], folder })
  const waits: string[] = []
  let held = false
  const acquired = lock
    .acquire(new AbortController().signal, (agent) => waits.push(agent))
    .then((release) => {
      held = true
      return release
    })
  while (waits.length === 0) await systemClock.sleep(0.005)
  expect(waits).toEqual(['doomed'])
  expect(held).toBe(false)
  child.kill('SIGKILL')
  const release = await acquired
  release()
  rmSync(folder, { recursive: true, force: true })
})
