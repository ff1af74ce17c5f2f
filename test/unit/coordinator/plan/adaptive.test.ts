import { describe, expect, it } from 'vitest'
import { createSurface } from '../../../../coordinator/model/create-surface.js'
import { createAdaptive } from '../../../../coordinator/plan/adaptive.js'
import type { Observation, Suggestion } from '../../../../coordinator/plan/strategy.js'
import { blockKey } from '../../../../shared/domain/configuration.js'
import type { Configuration } from '../../../../shared/domain/configuration.js'
import { spaceOf } from '../../../../shared/domain/space.js'
import { createRandom } from '../../../../shared/stats/random.js'

const loads = [1, 2, 4, 8, 16, 32, 64]
const lengths = [128, 512, 2048]

function configurations(engine = 'vllm'): Configuration[] {
  return [1, 2].flatMap((tensorParallel) =>
    loads.flatMap((load) =>
      lengths.flatMap((inputTokens) =>
        [128, 1024].map((outputTokens) => ({
          model: 'm',
          engine,
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
}

const stepSeconds = ({ load, inputTokens, outputTokens, tensorParallel }: Configuration): number =>
  (0.006 + 0.0001 * load + 2e-8 * load * (inputTokens + outputTokens / 2)) / tensorParallel + 0.002

/** A campaign against a law of nature; the same seed plays the same. */
function campaign(options: {
  auditShare: number
  seed: number
  scale?: number
  trials: number
  engine?: string
}) {
  const space = spaceOf(configurations(options.engine))
  const { seed, auditShare } = options
  const surface = createSurface({
    space,
    workload: { kind: 'static-batch' },
    metrics: ['itl'],
    seed,
    tolerance: 0.05,
    confidence: 0.9,
    repetitions: 1,
    warmups: 0,
  })
  const strategy = createAdaptive({ space, surface, seed, auditShare })
  const log: (Suggestion & { readonly cost: number })[] = []
  const random = createRandom(seed)
  for (let trial = 0; trial < options.trials; trial += 1) {
    const [suggestion] = strategy.ask({ agent: 'a', canRun: () => true }, 1)
    if (suggestion === undefined) break
    const { index, purpose } = suggestion
    surface.tellPending(index, purpose)
    strategy.tellPending(index, purpose)
    const configuration = space.at(index)
    const truth = stepSeconds(configuration)
    const cost = configuration.tensorParallel * (5 + 3 * truth * configuration.outputTokens)
    const value = (options.scale ?? 1) * truth * Math.exp(0.003 * random.normal())
    const observation: Observation = {
      index,
      outcome: 'measured',
      values: { itl: { value, relativeSd: 0.003 } },
      cost,
      purpose,
      agent: 'a',
      at: trial,
    }
    surface.tell(observation)
    strategy.tell(observation)
    log.push({ ...suggestion, cost })
  }
  return { space, surface, strategy, log }
}

describe('the adaptive strategy', () => {
  it('knows the whole space from a third of it', () => {
    const { space, surface, log } = campaign({ auditShare: 0.2, seed: 3, trials: 28 })
    const errors = Array.from({ length: space.size }, (_, index) => {
      const estimate = surface.estimate('itl', index)
      return Math.abs((estimate?.value ?? 0) / stepSeconds(space.at(index)) - 1)
    })
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.01)
    expect(new Set(log.map(({ index }) => index)).size).toBe(log.length)
  })

  it('spreads many agents over the cheaper half before any has come back', () => {
    const { space, surface, strategy } = campaign({ auditShare: 0, seed: 3, trials: 0 })
    const costs = Array.from({ length: space.size }, (_, index) => surface.cost(index))
    const median = [...costs].sort((a, b) => a - b)[space.size >> 1] as number
    const asked = Array.from({ length: 16 }, () => {
      const [suggestion] = strategy.ask({ agent: 'a', canRun: () => true }, 1)
      const index = suggestion?.index ?? -1
      surface.tellPending(index, 'explore')
      strategy.tellPending(index, 'explore')
      return index
    })
    expect(new Set(asked).size).toBe(16)
    for (const index of asked) expect(costs[index]).toBeLessThanOrEqual(median)
  })

  it('lets one of many agents look where memory may end while the others begin, and no agent alone', () => {
    const space = spaceOf(
      [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256].flatMap((load) =>
        [128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 8192].flatMap((inputTokens) =>
          [32, 64, 128, 256, 512, 1024, 2048, 4096].map((outputTokens) => ({
            ...(configurations()[0] as Configuration),
            ...{ load, inputTokens, outputTokens },
          })),
        ),
      ),
    )
    const first = (agents: number): Suggestion[] => {
      const workload = { kind: 'static-batch' } as const
      const surface = createSurface({
        ...{ space, workload, metrics: ['itl', 'ttft'] as const, seed: 1, tolerance: 0.05 },
        ...{ confidence: 0.9, repetitions: 1, warmups: 0 },
      })
      const strategy = createAdaptive({ space, surface, seed: 1, auditShare: 0, workload })
      return Array.from({ length: 16 }, (_, turn) => {
        const asker = { agent: `agent ${turn % agents}`, canRun: () => true }
        const [suggestion] = strategy.ask(asker, 1) as [Suggestion]
        surface.tellPending(suggestion.index, suggestion.purpose)
        strategy.tellPending(suggestion.index, suggestion.purpose)
        return suggestion
      })
    }
    const isLook = ({ why }: Suggestion) => why.includes('memory')
    expect(first(1).filter(isLook)).toHaveLength(0)
    const [look, ...others] = first(16).filter(isLook)
    expect(others).toHaveLength(0)
    const demand = ({ load, inputTokens, outputTokens }: Configuration) =>
      load * (inputTokens + outputTokens)
    const largest = 256 * (8192 + 4096)
    expect(demand(space.at(look?.index ?? 0))).toBeGreaterThanOrEqual(largest / 4)
  })

  it('spends the share asked for on audits', () => {
    const { log } = campaign({ auditShare: 0.3, seed: 5, trials: 40 })
    const cost = (only: (each: Suggestion) => boolean) =>
      log.filter(only).reduce((sum, each) => sum + each.cost, 0)
    const share = cost(({ purpose }) => purpose === 'audit') / cost(() => true)
    expect(share).toBeGreaterThan(0.15)
    expect(share).toBeLessThan(0.4)
  })

  it('chooses the same whatever unit the metric is in', () => {
    const one = campaign({ auditShare: 0.2, seed: 7, trials: 24 })
    const thousand = campaign({ auditShare: 0.2, seed: 7, trials: 24, scale: 1024 })
    expect(thousand.log.map(({ index }) => index)).toEqual(one.log.map(({ index }) => index))
  })

  it('replays bit for bit', () => {
    const options = { auditShare: 0.2, seed: 9, trials: 24 }
    expect(campaign(options).log).toEqual(campaign(options).log)
  })

  it('gives several suggestions that teach different things', () => {
    const { strategy } = campaign({ auditShare: 0, seed: 1, trials: 12 })
    const suggestions = strategy.ask({ agent: 'a', canRun: () => true }, 6)
    expect(new Set(suggestions.map(({ index }) => index)).size).toBe(6)
  })

  it('changes engines less often where a start costs more', () => {
    const changes = (engine: string): number => {
      const { strategy, space } = campaign({ auditShare: 0, seed: 1, trials: 12, engine })
      const start = blockKey(space.at(0))
      const asker = { agent: 'a', canRun: () => true, runningBlock: start }
      const blocks = strategy.ask(asker, 10).map(({ index }) => blockKey(space.at(index)))
      return blocks.filter((block, k) => block !== (k === 0 ? start : blocks[k - 1])).length
    }
    expect(changes('trtllm')).toBeLessThan(changes('openai'))
    expect(changes('trtllm')).toBeLessThanOrEqual(2)
  })

  it('suggests only what the asker can run', () => {
    const { strategy, space } = campaign({ auditShare: 0.2, seed: 1, trials: 12 })
    const canRun = ({ tensorParallel }: Configuration) => tensorParallel === 2
    const suggestions = strategy.ask({ agent: 'small', canRun }, 4)
    expect(suggestions.every(({ index }) => space.at(index).tensorParallel === 2)).toBe(true)
  })

  it('measures everything when nobody stops it', () => {
    const { strategy, log, space } = campaign({ auditShare: 0.2, seed: 2, trials: 200 })
    expect(log).toHaveLength(space.size)
    expect(strategy.exhausted()).toBe(true)
  })
})
