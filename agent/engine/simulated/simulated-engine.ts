import { blockOf } from '../../../shared/domain/configuration.js'
import type { Engine } from '../engine.js'
import { programBeside } from '../process/program-path.js'
import { startStandIn } from '../process/start-stand-in.js'
import type { StandInOptions } from '../process/start-stand-in.js'
import { parseSimulatedArgs, physicsOf } from './simulated-args.js'

const serverProgram = programBeside(import.meta.url, './simulated-main.js')

/** Beyond what the simulated start itself takes, seconds. */
const startMargin = 30

/**
 * An engine with no model: a server whose tokens come when step-time physics says, with noise and
 * faults on demand. `truth.ts` gives its exact figures.
 */
export function createSimulatedEngine(options: StandInOptions): Engine {
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
      const startSeconds = args.start_seconds * args.time_scale + startMargin
      return startStandIn('simulated', serverProgram, block, startSeconds, options, signal)
    },
  }
}
