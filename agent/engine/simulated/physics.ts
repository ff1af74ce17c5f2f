/**
 * What a step costs on a simulated engine: `base + perSequence * padded(sequences) +
 * perContextToken * (context of all generating sequences) + perPromptToken * prompt tokens`,
 * times a noise factor. Seconds throughout.
 */
export interface StepPhysics {
  /** Reading the weights once, and launching the step. */
  readonly base: number
  readonly perSequence: number
  /** Reading one token of KV cache. */
  readonly perContextToken: number
  /** Evaluating one prompt token (1 / prefill rate). */
  readonly perPromptToken: number
  /** Most tokens evaluated in one step. */
  readonly stepTokens: number
  /** Most sequences that run at once. */
  readonly maxSequences: number
  readonly kvCapacityTokens: number
  /** Longest prompt plus output. */
  readonly maxContextTokens: number
  /** Ascending; a step with fewer sequences costs as much as the next size up. Empty: no padding. */
  readonly captureSizes: readonly number[]
}

/** Sizes for which vLLM captures graphs by default: 1, 2, 4, then every eighth up to 512. */
const graphSizes = [1, 2, 4, ...Array.from({ length: 64 }, (_, index) => 8 * (index + 1))]

/**
 * An 8-billion-parameter model in 16 bits on known hardware, in round figures: H100 after a
 * measured llama.cpp run (6.2 ms at batch 1, 8.7 ms at 16, 12.3 ms at 64), A100 by the ratio of
 * memory bandwidths; `cpu` is like the fmwork-micro model on one core.
 */
export const hardwareProfiles = {
  H100: {
    base: 6.1e-3,
    perSequence: 9e-5,
    perContextToken: 5e-8,
    perPromptToken: 5e-5,
    stepTokens: 2048,
    maxSequences: 256,
    kvCapacityTokens: 430_000,
    maxContextTokens: 131_072,
    captureSizes: graphSizes,
  },
  A100: {
    base: 1.05e-2,
    perSequence: 1.4e-4,
    perContextToken: 8.5e-8,
    perPromptToken: 1.2e-4,
    stepTokens: 2048,
    maxSequences: 256,
    kvCapacityTokens: 420_000,
    maxContextTokens: 131_072,
    captureSizes: graphSizes,
  },
  cpu: {
    base: 2e-4,
    perSequence: 2e-4,
    perContextToken: 4e-7,
    perPromptToken: 1.5e-4,
    stepTokens: 512,
    maxSequences: 64,
    kvCapacityTokens: 65_536,
    maxContextTokens: 32_768,
    captureSizes: [],
  },
} as const satisfies Record<string, StepPhysics>

export type HardwareProfile = keyof typeof hardwareProfiles

export function isHardwareProfile(name: string): name is HardwareProfile {
  return Object.hasOwn(hardwareProfiles, name)
}

/** What each extra device of a tensor-parallel group adds to a step: two all-reduces per layer. */
const allReduceSeconds = 3e-4

/** The physics of `devices` cards that share the work. */
export function tensorParallel(physics: StepPhysics, devices: number): StepPhysics {
  if (devices === 1) return physics
  return {
    ...physics,
    base: physics.base / devices + allReduceSeconds * Math.log2(devices),
    perSequence: physics.perSequence / devices,
    perContextToken: physics.perContextToken / devices,
    perPromptToken: physics.perPromptToken / devices,
    kvCapacityTokens: physics.kvCapacityTokens * devices,
  }
}

/** What one step evaluates. */
export interface StepWork {
  readonly generating: number
  /** Sum over the generating sequences. */
  readonly contextTokens: number
  readonly promptTokens: number
}

function padded(sequences: number, sizes: readonly number[]): number {
  return sizes.find((size) => size >= sequences) ?? sequences
}

/** Seconds of a step without noise. */
export function stepSeconds(physics: StepPhysics, work: StepWork): number {
  const sequences = work.generating === 0 ? 0 : padded(work.generating, physics.captureSizes)
  return (
    physics.base +
    physics.perSequence * sequences +
    physics.perContextToken * work.contextTokens +
    physics.perPromptToken * work.promptTokens
  )
}
