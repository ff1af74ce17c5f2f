import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBrowserOpener } from '../../cli/processes/open-browser.js'
import { FakeClock } from '../../shared/process/clock.js'

const url = 'http://127.0.0.1:8080/#/sweeps/a%20b?show=suspect&x=$(id)'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-open-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** A system whose xdg-open is this shell script. */
function systemWith(script: string | undefined) {
  const clock = new FakeClock()
  if (script !== undefined) {
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }
  return { clock, open: createBrowserOpener(clock, { PATH: folder }, 'linux') }
}

describe('a browser', () => {
  it('is handed the address as it is', async () => {
    const { open } = systemWith(`printf %s "$1" > '${folder}/shown'`)
    expect(await open(url)).toBeUndefined()
    expect(readFileSync(join(folder, 'shown'), 'utf8')).toBe(url)
  })

  it('that cannot be opened is no failure, but said', async () => {
    expect(await systemWith(undefined).open(url)).toBe('there is no xdg-open on this host')
    expect(await systemWith('exit 3').open(url)).toBe('xdg-open ended with 3')
  })

  it('that stays is not waited for', async () => {
    const { clock, open } = systemWith(`echo $$ > '${folder}/pid'; read -r _ < '${folder}/forever'`)
    // A pipe that nobody writes to: it stays until it is ended.
    execFileSync('mkfifo', [join(folder, 'forever')])
    const opened = open(url)
    await expect.poll(() => readFileSync(join(folder, 'pid'), 'utf8').trim()).toMatch(/^\d+$/)
    await clock.advance(2)
    expect(await opened).toBeUndefined()
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')))
  })
})
