import { join } from 'node:path'
import { blockOf } from '../../../shared/domain/configuration.js'
import { systemClock } from '../../../shared/process/clock.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { Engine } from '../engine.js'
import { programBeside } from '../process/program-path.js'
import { startServedEngine } from '../process/served-engine.js'
import { parseSimulatedArgs, physicsOf } from './simulated-args.js'

export interface SimulatedEngineOptions {
  readonly stateDir: string
  readonly log?: Log
  readonly clock?: Clock
}

const serverProgram = programBeside(import.meta.url, './simulated-main.js')

/** Beyond what the simulated start itself takes, seconds. */
const startMargin = 30

/**
 * An engine with no model: a server whose tokens come when step-time physics says, with noise and
 * faults on demand. `truth.ts` gives its exact figures.
 */
export function createSimulatedEngine(options: SimulatedEngineOptions): Engine {
  return {
    kind: 'simulated',
    infeasible(configuration) {
      const { kvCapacityTokens, maxContextTokens } = physicsOf(blockOf(configuration))
      const tokens = configuration.inputTokens + configuration.outputTokens
      if (tokens > maxContextTokens) return `${tokens} tokens, its context has ${maxContextTokens}`
      if (tokens > kvCapacityTokens) return `${tokens} tokens, its KV cache has ${kvCapacityTokens}`
      return undefined
    },
    async start({ block }, signal) {
      const args = parseSimulatedArgs(block)
      return startServedEngine(
        {
          kind: 'simulated',
          program: serverProgram,
          settings: { block },
          logFile: join(options.stateDir, 'engine-simulated.log'),
          startSeconds: args.start_seconds * args.time_scale + startMargin,
          graceSeconds: 5,
          clock: options.clock ?? systemClock,
        },
        signal,
        options.log,
      )
    },
  }
}
