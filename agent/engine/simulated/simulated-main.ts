import type { Block } from '../../../shared/domain/configuration.js'
import { systemClock } from '../../../shared/process/clock.js'
import { runChild } from '../process/child-main.js'
import { serveStandIn } from '../serving/serve-stand-in.js'
import { createFaults } from './faults.js'
import { parseSimulatedArgs, physicsOf } from './simulated-args.js'
import { SimulatedBackend } from './simulated-backend.js'

/** As a process that the kernel killed for its memory exits. */
const crashCode = 137

await runChild(async (settings) => {
  const { block } = settings as { readonly block: Block }
  const args = parseSimulatedArgs(block)
  const physics = physicsOf(block)
  const clock = systemClock
  await clock.sleep(args.start_seconds * args.time_scale)
  const faults = createFaults(args, () => {
    process.stderr.write('simulated engine: injected crash\n')
    process.exit(crashCode)
  })
  const backend = new SimulatedBackend({
    model: block.model,
    physics,
    seed: args.seed,
    noiseCv: args.noise_cv,
    timeScale: args.time_scale,
    arrivalSeconds: args.arrival_window_ms / 1000,
    clock,
    hangs: () => faults.hangs(),
  })
  const facts = {
    kind: 'simulated',
    version: 'simulated 1',
    effectiveArgs: {
      time_scale: args.time_scale,
      seed: args.seed,
      noise_cv: args.noise_cv,
      base: physics.base,
      per_sequence: physics.perSequence,
      per_context_token: physics.perContextToken,
      per_prompt_token: physics.perPromptToken,
      step_tokens: physics.stepTokens,
      max_sequences: physics.maxSequences,
    },
    kvCapacityTokens: physics.kvCapacityTokens,
    maxContextTokens: physics.maxContextTokens,
    ...(physics.captureSizes.length === 0 ? {} : { captureSizes: physics.captureSizes }),
  }
  return serveStandIn(backend, facts, clock, faults.intercept)
})
