import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** The bench of kills, small: see test/bench/chaos/run.mjs for the long one and for what is counted. */
const bench = fileURLToPath(new URL('../bench/chaos/run.mjs', import.meta.url))

interface Verdict {
  readonly kills: number
  readonly measured: number
  readonly wrong: Readonly<Record<string, number>>
}

function chaos(...options: readonly string[]): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bench, '--json', ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [told, failed] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (failed += text))
    child.on('close', () => {
      const line = told.trim().split('\n').at(-1) ?? ''
      if (line.startsWith('{')) resolve(JSON.parse(line) as Verdict)
      else reject(new Error(`no verdict: ${failed}`))
    })
  })
}

const nothing = {
  lost: 0,
  duplicates: 0,
  stuck: 0,
  strategies: 0,
  leases: 0,
  orphans: 0,
  ports: 0,
}

describe('kill -9 of coordinator and agents at random', () => {
  it('loses nothing, records nothing twice, leaves nothing stuck, and plans as a replay would', async () => {
    const verdict = await chaos(
      ...['--seed', '5', '--kills', '5', '--agents', '2', '--configurations', '24'],
      ...['--mean-seconds', '0.4', '--limit-seconds', '120'],
    )
    expect(verdict).toMatchObject({ kills: 5, wrong: nothing })
    expect(verdict.measured).toBeGreaterThan(0)
  })
})
