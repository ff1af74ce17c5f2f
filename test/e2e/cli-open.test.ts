import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cliProgram, expectNoProcess } from './cli-process.js'

it.runIf(process.platform === 'linux')(
  'a coordinator shows its dashboard in a browser',
  async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fmwork-open-')))
    // Written whole or not at all.
    const browser = `#!/bin/sh\necho "$1" > '${folder}/part' && /bin/mv '${folder}/part' '${folder}/shown'\n`
    writeFileSync(join(folder, 'xdg-open'), browser, { mode: 0o755 })
    const args = ['coordinator', '--data', 'data', '--listen', '127.0.0.1:0', '--open']
    const coordinator = spawn(process.execPath, [cliProgram, ...args], {
      cwd: folder,
      env: { ...process.env, PATH: folder },
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    const shown = () => readFileSync(join(folder, 'shown'), 'utf8').trim()
    await expect.poll(shown, { timeout: 60_000 }).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(await (await fetch(shown())).text()).toContain('<title>FMwork')
    const closed = once(coordinator, 'close')
    coordinator.kill('SIGTERM')
    await closed
    await expectNoProcess(folder)
    rmSync(folder, { recursive: true })
  },
)
