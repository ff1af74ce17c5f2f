import fc from 'fast-check'
import { createSurface } from '../../coordinator/model/create-surface.js'
import type { Surface } from '../../coordinator/model/surface.js'
import { strategies } from '../../coordinator/plan/strategies.js'
import type {
  Asker,
  Observation,
  Strategy,
  StrategyContext,
  Suggestion,
} from '../../coordinator/plan/strategy.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import { spaceOf } from '../../shared/domain/space.js'
import type { Space } from '../../shared/domain/space.js'
import type { StrategyName } from '../../shared/domain/sweep.js'
import { createRandom, shuffled } from '../../shared/stats/random.js'
import type { Random } from '../../shared/stats/random.js'

/** What a law is tried on. */
export interface Case {
  readonly configurations: readonly Configuration[]
  readonly seed: number
  readonly auditShare: number
  /** Anchors are due by the hour of who asks. */
  readonly anchorShare?: number
}

const axis = (values: readonly number[]) =>
  fc
    .subarray([...values], { minLength: 1, maxLength: Math.min(4, values.length) })
    .map((chosen) => [...chosen].sort((a, b) => a - b))

/** Small spaces of one or two blocks, with holes. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    loads: axis([1, 2, 3, 4, 6, 8, 12, 16]),
    inputs: axis([64, 128, 200, 1024]),
    outputs: axis([16, 128, 512]),
    parallels: fc.subarray([1, 2], { minLength: 1 }),
    holes: fc.integer({ min: 0, max: 3 }),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    auditShare: fc.constantFrom(0, 0.2),
    anchorShare: fc.constantFrom(0, 0.3),
  })
  .map(({ loads, inputs, outputs, parallels, holes, seed, auditShare, anchorShare }) => {
    const random = createRandom(seed)
    const all = parallels.flatMap((tensorParallel) =>
      loads.flatMap((load) =>
        inputs.flatMap((inputTokens) =>
          outputs.map((outputTokens) => ({
            model: 'm',
            engine: 'simulated',
            engineArgs: {},
            hardware: 'H100',
            tensorParallel,
            load,
            inputTokens,
            outputTokens,
          })),
        ),
      ),
    )
    const kept = all.filter(() => random.below(10) >= holes)
    return { configurations: kept.length > 0 ? kept : all, seed, auditShare, anchorShare }
  })

/** Knows the distance to what was told, and nothing else: the plainest surface that learns. */
function plainSurface(space: Space): Surface {
  const told = new Map<number, Observation['values']>()
  const coordinates = (index: number) => {
    const { load, inputTokens, outputTokens, tensorParallel } = space.at(index)
    return [load, inputTokens, outputTokens, tensorParallel].map(Math.log2)
  }
  const infeasible = new Set<number>()
  return {
    tell({ index, outcome, values }) {
      if (outcome === 'infeasible') infeasible.add(index)
      else told.set(index, values)
    },
    tellPending: () => undefined,
    remove: () => undefined,
    tellEngine: () => undefined,
    estimate(metric, index) {
      const here = coordinates(index)
      let nearest: { distance: number; value: number } | undefined
      for (const [other, values] of [...told].sort(([a], [b]) => a - b)) {
        const value = values[metric]?.value
        if (value === undefined) continue
        const distance = Math.hypot(...coordinates(other).map((x, i) => x - (here[i] as number)))
        if (nearest === undefined || distance < nearest.distance) nearest = { distance, value }
      }
      if (nearest === undefined) return undefined
      const { distance, value } = nearest
      return { value, low: value / (1 + distance), high: value * (1 + distance) }
    },
    feasible: (index) => (infeasible.has(index) ? 0 : 1),
    cost: (index) => costOf(space.at(index)),
    accuracy: () => [],
    fullGridCost: () => ({ value: 1, low: 1, high: 1 }),
  }
}

const costOf = ({ load, outputTokens, tensorParallel }: Configuration): number =>
  tensorParallel * (1 + (load * outputTokens) / 256)

const points = (configurations: readonly Configuration[]): StrategyContext['points'] =>
  configurations
    .filter((_, i) => i % 3 !== 1)
    .map(({ load, inputTokens, outputTokens, tensorParallel }) => ({
      batch_size: load,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      tensor_parallel: tensorParallel,
    }))

/** One strategy with its surface, told together as a planner tells them. */
export class Player {
  readonly space: Space
  readonly strategy: Strategy
  readonly #surface: Surface
  readonly pending = new Map<number, Suggestion['purpose']>()
  readonly ended = new Set<number>()

  constructor(
    name: StrategyName,
    { configurations, seed, auditShare, anchorShare = 0 }: Case,
    learnt = false,
  ) {
    this.space = spaceOf(configurations)
    this.#surface = learnt
      ? createSurface({
          space: this.space,
          workload: { kind: 'static-batch' },
          metrics: ['ttft', 'itl'],
          seed,
          tolerance: 0.05,
          confidence: 0.9,
          repetitions: 1,
          warmups: 0,
        })
      : plainSurface(this.space)
    const custom = points(configurations)
    this.strategy = strategies[name]({
      space: this.space,
      surface: this.#surface,
      seed,
      auditShare,
      anchorShare,
      workload: { kind: 'static-batch' },
      ...(custom === undefined ? {} : { points: custom }),
    })
  }

  ask(asker: Asker, count: number): Suggestion[] {
    const suggestions = this.strategy.ask(asker, count)
    for (const { index, purpose } of suggestions) {
      this.#surface.tellPending(index, purpose)
      this.strategy.tellPending(index, purpose)
      this.pending.set(index, purpose)
    }
    return suggestions
  }

  tell(observation: Observation): void {
    this.#surface.tell(observation)
    this.strategy.tell(observation)
    this.pending.delete(observation.index)
    this.ended.add(observation.index)
  }

  remove(index: number): void {
    this.#surface.remove(index)
    this.strategy.remove(index)
    this.pending.delete(index)
  }
}

export const anyone: Asker = { agent: 'a', canRun: () => true }

/** One of two agents at the nth ask, a quarter of an hour after the one before. */
const askerAt = (ask: number): Asker => ({
  ...anyone,
  agent: ask % 2 === 0 ? 'a' : 'b',
  at: 900_000 * ask,
})

/** What measuring a configuration gives: a law of nature and noise, by index and seed alone. */
export function observe(
  player: Player,
  index: number,
  seed: number,
  { scale = 1, failing = 0 }: { scale?: number; failing?: number } = {},
): Observation {
  const configuration = player.space.at(index)
  const { load, inputTokens, outputTokens, tensorParallel } = configuration
  const random = createRandom(seed).fork(`observe ${index}`)
  const noise = Math.exp(0.01 * random.normal())
  const itl = (0.005 + 1e-4 * load + 1e-7 * load * (inputTokens + outputTokens / 2)) * noise
  const ttft = ((0.01 + 2e-5 * load * inputTokens) / tensorParallel) * noise
  const outcome = random.next() < failing ? 'infeasible' : 'measured'
  return {
    index,
    outcome,
    values:
      outcome === 'infeasible'
        ? {}
        : {
            itl: { value: itl * scale, relativeSd: 0.01 },
            ttft: { value: ttft * scale, relativeSd: 0.01 },
          },
    cost: costOf(configuration) * (1 + 0.1 * random.next()),
    purpose: player.pending.get(index) ?? 'explore',
    agent: 'a',
    at: 0,
  }
}

export type Call =
  | { readonly kind: 'ask'; readonly count: number; readonly suggestions: readonly Suggestion[] }
  | { readonly kind: 'tell'; readonly observation: Observation }
  | { readonly kind: 'remove'; readonly index: number }

/** Plays agents that come, finish in any order and vanish, until nothing more is suggested. */
export function campaign(
  player: Player,
  seed: number,
  options: {
    readonly scale?: number
    readonly failing?: number
    readonly losing?: number
    readonly steps?: number
    /** Called after every ask with what was pending before it. */
    readonly onAsk?: (
      suggestions: readonly Suggestion[],
      pendingBefore: ReadonlySet<number>,
    ) => void
  } = {},
): Call[] {
  const random = createRandom(seed).fork('campaign')
  const log: Call[] = []
  for (let step = 0; step < (options.steps ?? 400); step += 1) {
    const pendingBefore = new Set(player.pending.keys())
    const count = 1 + random.below(4)
    const suggestions = player.ask(askerAt(step), count)
    log.push({ kind: 'ask', count, suggestions })
    options.onAsk?.(suggestions, pendingBefore)
    if (suggestions.length === 0 && player.pending.size === 0) break
    const finished = takeSome(player, suggestions.length === 0, random)
    for (const index of finished) {
      if (random.next() < (options.losing ?? 0)) {
        player.remove(index)
        log.push({ kind: 'remove', index })
      } else {
        const { agent, at = 0 } = askerAt(step)
        const observation = { ...observe(player, index, seed, options), agent, at }
        player.tell(observation)
        log.push({ kind: 'tell', observation })
      }
    }
  }
  return log
}

function takeSome(player: Player, all: boolean, random: Random): number[] {
  const pending = shuffled([...player.pending.keys()], random)
  return all ? pending : pending.slice(0, random.below(pending.length + 1))
}

/** Runs a log again on a fresh player, giving what it suggests. */
export function replay(player: Player, log: readonly Call[]): Suggestion[][] {
  const answers: Suggestion[][] = []
  for (const call of log) {
    if (call.kind === 'ask') answers.push(player.ask(askerAt(answers.length), call.count))
    else if (call.kind === 'tell') player.tell(call.observation)
    else player.remove(call.index)
  }
  return answers
}
