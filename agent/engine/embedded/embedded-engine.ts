import { totalmem } from 'node:os'
import { join } from 'node:path'
import type { Configuration } from '../../../shared/domain/configuration.js'
import { systemClock } from '../../../shared/process/clock.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Engine } from '../engine.js'
import { programBeside } from '../process/program-path.js'
import { startServedEngine } from '../process/served-engine.js'
import { parseEmbeddedArgs } from './embedded-args.js'
import { defaultCacheFolder } from './model/model-cache.js'
import { presetKvBytesPerToken } from './model/presets.js'

export interface EmbeddedEngineOptions {
  /** Where the engine’s log goes. */
  readonly stateDir: string
  /** Where generated models are kept; FMWORK_CACHE or the user’s cache folder when absent. */
  readonly cacheFolder?: string
  /** Uses a GPU, if node-llama-cpp’s package for it is installed. */
  readonly gpu?: boolean
  readonly clock?: Clock
  /** Longest wait for the engine to be ready, seconds. */
  readonly startSeconds?: number
}

const serverProgram = programBeside(import.meta.url, './server-main.js')

/** llama.cpp allocates contexts in steps of so many tokens. */
const contextStep = 256
/** A chat template or a begin token may add to a prompt given as text. */
const contextMargin = 16

/**
 * llama.cpp in a process of its own, through node-llama-cpp: slots for `maxLoad` requests,
 * continuous batching, no prefix reuse between requests.
 */
export function createEmbeddedEngine(options: EmbeddedEngineOptions): Engine {
  const { stateDir, clock = systemClock } = options
  return {
    kind: 'embedded',
    infeasible: impossibleMemory,
    async start(demand, signal) {
      const args = parseEmbeddedArgs(demand.block.engineArgs)
      const needed = demand.maxContextTokens + contextMargin
      const settings = {
        model: demand.block.model,
        cacheFolder: options.cacheFolder ?? defaultCacheFolder(),
        slots: demand.maxLoad,
        longestRequest: demand.maxContextTokens,
        contextTokens: Math.ceil(needed / contextStep) * contextStep,
        gpu: options.gpu ?? false,
        args,
      }
      return startServedEngine(
        {
          kind: 'embedded',
          program: serverProgram,
          settings,
          logFile: join(stateDir, 'engine-embedded.log'),
          // Evaluation and sampling take turns on one thread, so that an engine is one busy core.
          env: { UV_THREADPOOL_SIZE: '1' },
          startSeconds: options.startSeconds ?? 180,
          graceSeconds: 5,
          clock,
        },
        signal,
      )
    },
  }
}

/** More KV cache than the machine has memory: true whatever else runs. */
function impossibleMemory(configuration: Configuration): string | undefined {
  const perToken = presetKvBytesPerToken(configuration.model)
  if (perToken === undefined) return undefined
  const tokens = configuration.load * (configuration.inputTokens + configuration.outputTokens)
  const bytes = perToken * tokens
  if (bytes <= totalmem()) return undefined
  return `its KV cache needs ${(bytes / 1e9).toFixed(1)} GB, the machine has ${(totalmem() / 1e9).toFixed(1)} GB`
}
