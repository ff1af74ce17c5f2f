import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import type { Scalar } from '../../shared/domain/configuration.js'
import { resolveModel } from '../../agent/engine/embedded/model/resolve-model.js'
import { createEngine } from '../../agent/engine/engines.js'
import type { EngineDemand, RunningEngine } from '../../agent/engine/engine.js'
import { permitsFor } from './stand-ins.js'
import { engineContract } from './engine.contract.js'
import type { EngineSubject } from './engine.contract.js'

const grid = fileURLToPath(
  new URL('../fixtures/grids/composed-h100-slice/composed-h100-slice.csv', import.meta.url),
)

function demandFor(engine: string, engineArgs: Record<string, Scalar>): EngineDemand {
  const model = engine === 'embedded' ? 'fmwork-nano' : 'any-model'
  return {
    block: { model, engine, engineArgs, hardware: 'H100', tensorParallel: 1 },
    maxLoad: 3,
    maxContextTokens: 2048,
  }
}

function killProcess(running: RunningEngine): void {
  for (const pid of running.processIds) process.kill(pid, 'SIGKILL')
}

function ownEngine(kind: string, args: Record<string, Scalar>, longOutput: number): EngineSubject {
  return {
    kind,
    longOutput,
    ownsProcess: true,
    acceptsTokenIds: true,
    setUp() {
      const stateDir = mkdtempSync(join(tmpdir(), 'fmwork-engine-'))
      return Promise.resolve({
        engine: createEngine(kind, { stateDir, cacheFolder: stateDir, allowed: [kind] }),
        demand: demandFor(kind, args),
        kill: killProcess,
        tearDown() {
          rmSync(stateDir, { recursive: true })
          return Promise.resolve()
        },
      })
    },
  }
}

/** Attached to a simulated engine that is started anew for each test that kills it. */
const attached: EngineSubject = {
  kind: 'openai',
  longOutput: 100,
  ownsProcess: false,
  acceptsTokenIds: true,
  async setUp() {
    const stateDir = mkdtempSync(join(tmpdir(), 'fmwork-engine-'))
    const server = createEngine('simulated', { stateDir, allowed: ['simulated'] })
    const args = { profile: 'cpu', time_scale: 5 }
    const signal = new AbortController().signal
    const upstream = await server.start(demandFor('simulated', args), signal)
    return {
      engine: createEngine('openai', { stateDir, allowed: ['openai'] }),
      demand: demandFor('openai', { base_url: `${upstream.endpoint.baseUrl}/v1/` }),
      kill: () => killProcess(upstream),
      async tearDown() {
        await upstream.stop()
        rmSync(stateDir, { recursive: true })
      },
    }
  },
}

/** A stand-in for a server engine, which a file of the agent permits (test/fixtures/engines). */
function standIn(kind: string, program: string, acceptsTokenIds = true): EngineSubject {
  return {
    kind,
    longOutput: 100,
    ownsProcess: true,
    acceptsTokenIds,
    setUp() {
      const stateDir = mkdtempSync(join(tmpdir(), 'fmwork-engine-'))
      const model = join(stateDir, 'any-model')
      writeFileSync(model, '')
      const permits = permitsFor(kind, program, { model_roots: [stateDir] })
      return Promise.resolve({
        engine: createEngine(kind, { stateDir, allowed: [kind], permits }),
        demand: { ...demandFor(kind, {}), block: { ...demandFor(kind, {}).block, model } },
        kill: killProcess,
        tearDown() {
          rmSync(stateDir, { recursive: true })
          return Promise.resolve()
        },
      })
    },
  }
}

function realLlamaServer(executable: string): EngineSubject {
  const args = { threads: 1, 'n-gpu-layers': 0 }
  return {
    kind: 'llama-server',
    longOutput: 1500,
    ownsProcess: true,
    acceptsTokenIds: true,
    async setUp() {
      const stateDir = mkdtempSync(join(tmpdir(), 'fmwork-engine-'))
      const { path } = await resolveModel('fmwork-nano', stateDir)
      const permits = permitsFor('llama-server', executable, { model_roots: [stateDir] })
      const demand = demandFor('llama-server', args)
      return {
        engine: createEngine('llama-server', { stateDir, allowed: ['llama-server'], permits }),
        demand: { ...demand, block: { ...demand.block, model: path } },
        kill: killProcess,
        tearDown() {
          rmSync(stateDir, { recursive: true })
          return Promise.resolve()
        },
      }
    },
  }
}

engineContract(ownEngine('embedded', {}, 2000))
engineContract(ownEngine('simulated', { profile: 'cpu', time_scale: 5 }, 100))
engineContract(ownEngine('recorded', { grid, time_scale: 0.2 }, 100))
engineContract(attached)
engineContract(standIn('vllm', 'vllm.mjs'))
engineContract(standIn('sglang', 'sglang.mjs'))
engineContract(standIn('llama-server', 'llama-server.mjs'))
engineContract(standIn('tgi', 'tgi.mjs', false))
engineContract(standIn('trtllm', 'trtllm-serve.mjs'))

/** llama.cpp’s own server, where somebody has one: the stand-in is held against it. */
const llamaServer = process.env.FMWORK_LLAMA_SERVER
describe.skipIf(llamaServer === undefined)(
  'a real llama-server: set FMWORK_LLAMA_SERVER to its path to run these',
  () => {
    engineContract(realLlamaServer(llamaServer ?? ''))
  },
)
