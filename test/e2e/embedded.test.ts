import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { totalmem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import type { Scalar } from '../../shared/domain/configuration.js'
import { createEmbeddedEngine } from '../../agent/engine/embedded/embedded-engine.js'
import type { EngineDemand, RunningEngine } from '../../agent/engine/engine.js'
import { presetFile } from '../../agent/engine/embedded/model/model-cache.js'
import { generate, isAlive, promptOf } from '../contract/engine-client.js'

const stateDir = mkdtempSync(join(tmpdir(), 'fmwork-embedded-'))
afterAll(() => rmSync(stateDir, { recursive: true }))

const engine = createEmbeddedEngine({ stateDir, cacheFolder: stateDir })
const signal = new AbortController().signal
let running: RunningEngine | undefined
afterEach(() => running?.stop())

function demand(
  model: string,
  more: Partial<Omit<EngineDemand, 'block'>> = {},
  engineArgs: Record<string, Scalar> = {},
): EngineDemand {
  const block = { model, engine: 'embedded', engineArgs, hardware: 'cpu', tensorParallel: 1 }
  return { block, maxLoad: 4, maxContextTokens: 200, ...more }
}

async function metric(baseUrl: string, name: string): Promise<number> {
  const text = await fetch(`${baseUrl}/metrics`).then((response) => response.text())
  return Number(new RegExp(`^fmwork_engine_${name}\\{.*\\} (.*)$`, 'm').exec(text)?.[1])
}

describe('the embedded engine on a generated model', () => {
  it('evaluates a static batch together: as many steps as one request needs, and few more', async () => {
    running = await engine.start(demand('fmwork-nano', { maxLoad: 8 }), signal)
    const { endpoint, facts } = running
    const before = await metric(endpoint.baseUrl, 'steps_total')
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, salt) =>
        generate(endpoint, { inputTokens: 32, outputTokens: 40, salt }),
      ),
    )
    expect(answers.every((answer) => answer.completionTokens === 40)).toBe(true)
    expect((await metric(endpoint.baseUrl, 'steps_total')) - before).toBeLessThan(8 * 40)
    expect(facts.version).toMatch(/^llama\.cpp /)
    expect(facts.effectiveArgs).toMatchObject({ threads: 1, batch_size: 512, slots: 8 })
    expect(facts.kvCapacityTokens).toBe(8 * (facts.maxContextTokens ?? 0))
  })

  it('gives the same text to the same prompt, alone and greedy, and with a seed', async () => {
    running = await engine.start(demand('fmwork-nano'), signal)
    const { endpoint } = running
    const ask = async (more: object) => {
      const response = await fetch(`${endpoint.baseUrl}/v1/completions`, {
        method: 'POST',
        body: JSON.stringify({ prompt: promptOf(endpoint, 20), max_tokens: 24, ...more }),
      })
      const body = (await response.json()) as { choices: [{ text: string }] }
      return body.choices[0].text
    }
    expect(await ask({ temperature: 0 })).toBe(await ask({ temperature: 0 }))
    expect(await ask({ temperature: 1, seed: 4 })).toBe(await ask({ temperature: 1, seed: 4 }))
    expect(await ask({ temperature: 1, seed: 4 })).not.toBe(await ask({ temperature: 1, seed: 5 }))
  })

  it('frees slots and memory of what was cancelled', async () => {
    running = await engine.start(demand('fmwork-nano', { maxContextTokens: 4000 }), signal)
    const { endpoint } = running
    const controller = new AbortController()
    const cancelled = generate(endpoint, {
      inputTokens: 8,
      outputTokens: 3900,
      signal: controller.signal,
      onToken: () => controller.abort(),
    })
    await expect(cancelled).rejects.toThrow()
    await vi.waitFor(async () => {
      expect(await metric(endpoint.baseUrl, 'requests_running')).toBe(0)
      expect(await metric(endpoint.baseUrl, 'kv_cache_used_tokens')).toBe(0)
    })
  })
})

describe('the embedded engine refuses', () => {
  it('what is no GGUF, naming file and finding', async () => {
    const path = join(stateDir, 'text.gguf')
    writeFileSync(path, 'these are not weights, they are words')
    const starting = engine.start(demand(path), signal)
    await expect(starting).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(starting).rejects.toThrow(`${path}: it begins with "thes"`)
  })

  it('a truncated GGUF', async () => {
    const path = join(stateDir, 'short.gguf')
    writeFileSync(path, readFileSync(await presetFile('fmwork-nano', stateDir)))
    truncateSync(path, 1_000_000)
    const starting = engine.start(demand(path), signal)
    await expect(starting).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(starting).rejects.toThrow('1000000 bytes')
  })

  it('more memory than there is, as infeasible', async () => {
    const slots = Math.ceil(totalmem() / (1024 * 30_000))
    const starting = engine.start(
      demand('fmwork-nano', { maxLoad: slots, maxContextTokens: 30_000 }),
      signal,
    )
    await expect(starting).rejects.toMatchObject({ code: 'CONFIGURATION_INFEASIBLE' })
  })

  it('contexts that the model was not made for, as infeasible', async () => {
    const starting = engine.start(demand('fmwork-nano', { maxContextTokens: 40_000 }), signal)
    await expect(starting).rejects.toMatchObject({ code: 'CONFIGURATION_INFEASIBLE' })
    await expect(starting).rejects.toThrow('has 32768')
  })

  it('arguments that it does not know', async () => {
    const starting = engine.start(demand('fmwork-nano', {}, { n_gpu_layers: 1 }), signal)
    await expect(starting).rejects.toMatchObject({ code: 'SWEEP_INVALID' })
  })
})

const agentProgram = `
  import { createEmbeddedEngine } from ${JSON.stringify(
    new URL('../../dist/agent/engine/embedded/embedded-engine.js', import.meta.url).href,
  )}
  const engine = createEmbeddedEngine({ stateDir: process.argv[1], cacheFolder: process.argv[1] })
  const block = { model: 'fmwork-nano', engine: 'embedded', engineArgs: {}, hardware: 'cpu', tensorParallel: 1 }
  const running = await engine.start({ block, maxLoad: 1, maxContextTokens: 64 }, new AbortController().signal)
  console.log(JSON.stringify({ pid: running.processIds[0], baseUrl: running.endpoint.baseUrl }))
  setInterval(() => {}, 1000)
`

describe('the engine of a killed agent', () => {
  it('is gone, with its port', async () => {
    const agent = spawn(
      process.execPath,
      ['--input-type=module', '--eval', agentProgram, stateDir],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: fileURLToPath(new URL('../..', import.meta.url)),
      },
    )
    const line = await new Promise<string>((resolve) => {
      agent.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    })
    const { pid, baseUrl } = JSON.parse(line) as { pid: number; baseUrl: string }
    expect(isAlive(pid)).toBe(true)
    agent.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 })
    await expect(fetch(`${baseUrl}/health`)).rejects.toThrow()
  })
})
