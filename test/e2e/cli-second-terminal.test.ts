import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { errorTable } from '../../shared/domain/error-table.js'
import { cliProgram, expectNoProcess, fmwork } from './cli-process.js'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-second-')))
  writeFileSync(
    join(folder, 'sweep.yaml'),
    `
name: long
model: sim
engines: [{kind: simulated}]
space: {batch_size: {range: [1, 64]}, input_tokens: [512, 1024], output_tokens: 32}
metrics: [ttft]
strategy: {kind: full-grid}
`,
  )
})
afterEach(async () => {
  await expectNoProcess(folder)
  rmSync(folder, { recursive: true })
})

it('a second terminal finds the running sweep by its folder, and Ctrl-C ends it in order', async () => {
  const args = ['run', 'sweep.yaml', '--data', 'data', '--agents', '1']
  const running = spawn(process.execPath, [cliProgram, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  const started = new Promise<void>((resolve) => {
    createInterface({ input: running.stdout }).on('line', (line) => {
      lines.push(line)
      resolve()
    })
  })
  const closed = once(running, 'close')
  try {
    await started

    const list = fmwork(folder, ['list', '--data', 'data', '--json'])
    expect(JSON.parse(list.stdout)).toMatchObject({ name: 'long', state: 'RUNNING' })
    const agents = fmwork(folder, ['agents', '--data', 'data'])
    expect(agents.stdout).toMatch(/agent-1 .*simulated/)
    const beside = fmwork(folder, args)
    expect(beside.exit).toBe(errorTable.DATA_FOLDER_LOCKED.exit)
    expect(beside.stderr).toMatch(/^hint: Give --coordinator 127\.0\.0\.1:\d+ to use that one/m)

    running.kill('SIGINT')
    const [exit] = (await closed) as [number | null]
    expect(exit).toBe(130)
    expect(lines.at(-1)).toBe(
      'Interrupted. Nothing measured is lost; continue with: fmwork resume long --data data',
    )
  } finally {
    running.kill('SIGKILL')
  }
  expect(existsSync(join(folder, 'data', 'coordinator.address'))).toBe(false)
  const watch = fmwork(folder, ['watch', '--data', 'data'])
  expect(watch.exit).toBe(errorTable.COORDINATOR_UNREACHABLE.exit)
  expect(watch.stderr).toContain('fmwork resume')
})
