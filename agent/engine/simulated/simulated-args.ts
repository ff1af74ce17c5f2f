import { z } from 'zod'
import type { Block } from '../../../shared/domain/configuration.js'
import { parseEngineArgs } from '../engine-args.js'
import { hardwareProfiles, isHardwareProfile, tensorParallel } from './physics.js'
import type { StepPhysics } from './physics.js'

/** Engine arguments of the simulated engine. Times in seconds unless the name says otherwise. */
const argsSchema = z.strictObject({
  /** H100, A100 or cpu; the block’s hardware class when that is one of them, else H100. */
  profile: z.enum(['H100', 'A100', 'cpu']).optional(),
  /** Real seconds per simulated second. */
  time_scale: z.number().positive().default(1),
  seed: z.int().default(1),
  /** Relative standard deviation of a step. */
  noise_cv: z.number().min(0).max(1).default(0),
  /** How long an idle engine gathers requests before its first step, milliseconds. */
  arrival_window_ms: z.number().min(0).default(3),
  /** How long the engine takes to start. */
  start_seconds: z.number().min(0).default(0),
  base: z.number().min(0).optional(),
  per_sequence: z.number().min(0).optional(),
  per_context_token: z.number().min(0).optional(),
  /** Tokens per second. */
  prefill_rate: z.number().positive().optional(),
  step_tokens: z.int().positive().optional(),
  max_sequences: z.int().positive().optional(),
  kv_capacity_tokens: z.int().positive().optional(),
  max_context_tokens: z.int().positive().optional(),
  /** Whether steps are padded to the sizes of captured graphs. */
  graph_padding: z.boolean().default(true),
  /** Faults: the process exits, or goes silent, when it has served so many requests. */
  crash_after: z.int().positive().optional(),
  hang_after: z.int().positive().optional(),
  /** Share of requests that are answered with `http_status` instead. */
  error_rate: z.number().min(0).max(1).default(0),
  http_status: z.int().min(400).max(599).default(500),
})

export type SimulatedArgs = z.infer<typeof argsSchema>

/** @throws FmworkError SWEEP_INVALID with every problem at once. */
export function parseSimulatedArgs(block: Block): SimulatedArgs {
  return parseEngineArgs('simulated', argsSchema, block.engineArgs)
}

/** The physics that a block asks for: its profile, with single figures replaced. */
export function physicsOf(block: Block): StepPhysics {
  const args = parseSimulatedArgs(block)
  const own = isHardwareProfile(block.hardware) ? block.hardware : 'H100'
  const profile: StepPhysics = hardwareProfiles[args.profile ?? own]
  const physics: StepPhysics = {
    base: args.base ?? profile.base,
    perSequence: args.per_sequence ?? profile.perSequence,
    perContextToken: args.per_context_token ?? profile.perContextToken,
    perPromptToken:
      args.prefill_rate === undefined ? profile.perPromptToken : 1 / args.prefill_rate,
    stepTokens: args.step_tokens ?? profile.stepTokens,
    maxSequences: args.max_sequences ?? profile.maxSequences,
    kvCapacityTokens: args.kv_capacity_tokens ?? profile.kvCapacityTokens,
    maxContextTokens: args.max_context_tokens ?? profile.maxContextTokens,
    captureSizes: args.graph_padding ? profile.captureSizes : [],
  }
  return tensorParallel(physics, block.tensorParallel)
}
