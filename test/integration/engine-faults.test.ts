import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Scalar } from '../../shared/domain/configuration.js'
import { createEngine } from '../../agent/engine/engines.js'
import type { RunningEngine } from '../../agent/engine/engine.js'
import { generate } from '../contract/engine-client.js'

const stateDir = mkdtempSync(join(tmpdir(), 'fmwork-faults-'))
afterAll(() => rmSync(stateDir, { recursive: true }))

let running: RunningEngine | undefined
afterEach(() => running?.stop())

async function start(args: Record<string, Scalar>, kind = 'simulated'): Promise<RunningEngine> {
  const engineArgs = { profile: 'cpu', ...args }
  running = await createEngine(kind, { stateDir, allowed: [kind] }).start(
    {
      block: { model: 'm', engine: kind, engineArgs, hardware: 'cpu', tensorParallel: 1 },
      maxLoad: 4,
      maxContextTokens: 256,
    },
    new AbortController().signal,
  )
  return running
}

const ask = { inputTokens: 8, outputTokens: 4 }

describe('faults of the simulated engine', () => {
  it('crashes at the request it was told to, with the code of a process out of memory', async () => {
    const engine = await start({ crash_after: 2 })
    await generate(engine.endpoint, ask)
    await generate(engine.endpoint, ask)
    await expect(generate(engine.endpoint, ask)).rejects.toThrow()
    const reason = await engine.exited
    expect(reason).toContain('exited with code 137')
    expect(reason).toContain('injected crash')
    expect(reason).toContain(join(stateDir, 'engine-simulated.log'))
  })

  it('goes silent, and still stops', async () => {
    const engine = await start({ hang_after: 1 })
    await generate(engine.endpoint, ask)
    const controller = new AbortController()
    const hung = generate(engine.endpoint, { ...ask, signal: controller.signal })
    const health = await fetch(`${engine.endpoint.baseUrl}/health`)
    expect(health.status).toBe(200)
    controller.abort()
    await expect(hung).rejects.toThrow()
    await engine.stop()
    expect(await engine.exited).toBe('it was stopped')
  })

  it('refuses the same share of requests each time', async () => {
    const outcomes = async () => {
      const engine = await start({ error_rate: 0.5, http_status: 429, seed: 5 })
      const results: string[] = []
      for (let index = 0; index < 12; index += 1) {
        const outcome = generate(engine.endpoint, ask).then(
          () => 'ok',
          (error: unknown) => String(error),
        )
        results.push(await outcome)
      }
      await engine.stop()
      return results
    }
    const first = await outcomes()
    expect(first).toEqual(await outcomes())
    expect(first).toContain('ok')
    expect(first.some((result) => result.includes('HTTP 429'))).toBe(true)
  })

  it('refuses arguments it does not know before anything starts', async () => {
    await expect(start({ crash: true })).rejects.toMatchObject({ code: 'SWEEP_INVALID' })
  })
})

describe('the recorded engine', () => {
  it('says what is wrong with its grid before anything starts', async () => {
    const starting = createEngine('recorded', { stateDir, allowed: ['recorded'] }).start(
      {
        block: {
          model: 'm',
          engine: 'recorded',
          engineArgs: { grid: join(stateDir, 'absent.csv') },
          hardware: 'H100',
          tensorParallel: 1,
        },
        maxLoad: 1,
        maxContextTokens: 16,
      },
      new AbortController().signal,
    )
    await expect(starting).rejects.toMatchObject({ code: 'GRID_INVALID' })
  })
})
