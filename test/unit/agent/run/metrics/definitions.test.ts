import { describe, expect, it } from 'vitest'
import { definitions, tokenWeightedItl } from '../../../../../agent/run/metrics/definitions.js'
import type { DefinitionName } from '../../../../../agent/run/metrics/definitions.js'
import { sampleOf } from '../sample.js'

/** Sent 0.05 s late at 10.05; chunks at 10.25, 10.35, 10.55; three chunks brought four tokens. */
const uneven = sampleOf({
  scheduledAt: 10,
  sentAt: 10.05,
  chunkAt: [10.25, 10.35, 10.55],
  chunkTokens: [1, 1, 2],
  endedAt: 10.65,
  outputTokens: 4,
  outputTokensAsked: 4,
})
/** One token only. */
const single = sampleOf({ sentAt: 20, ttft: 0.3, tokens: 1 })
const failed = sampleOf({ sentAt: 30, outcome: 'error' })

const of = (name: DefinitionName) => definitions[name].values([uneven, single, failed])
const close = (values: readonly number[]) =>
  values.map((value) => expect.closeTo(value, 9) as number)

describe('definitions', () => {
  it.each<[DefinitionName, number[]]>([
    ['ttft', [0.2, 0.3]],
    ['ttft.scheduled', [0.25, 0.3]],
    ['second_token', [0.1]],
    ['e2e', [0.5, 0.3]],
    ['e2e.last_byte', [0.6, 0.3]],
    ['e2e.scheduled', [0.55, 0.3]],
    ['tpot', [0.1]],
    ['tpot.vllm', [0.1, 0]],
    ['tpot.guidellm', [0.125, 0.3]],
    ['tpot.normalized', [0.15, 0.3]],
    ['itl.token_weighted', [0.1]],
    ['itl.request_mean', [0.1]],
    ['itl.pooled', [0.1, 0.2]],
    ['itl.sglang', [0.1, 0.1, 0.1]],
    ['itl.llmperf', [0.125, 0.3]],
    ['per_user_throughput.decode', [10]],
    ['per_user_throughput.e2e', [8, 1 / 0.3]],
    ['output_tokens', [4, 1]],
  ])('%s', (name, expected) => {
    expect(of(name)).toEqual(close(expected))
  })

  it('tells the lag of failed requests too', () => {
    expect(of('schedule_lag')).toEqual(close([0.05, 0, 0]))
  })

  it('weights by tokens, not by requests', () => {
    const fast = sampleOf({ gap: 0.01, tokens: 101 })
    const slow = sampleOf({ gap: 0.1, tokens: 2 })
    expect(tokenWeightedItl([fast, slow])).toBeCloseTo(1.1 / 101, 9)
    expect(tokenWeightedItl([single])).toBeUndefined()
  })

  it('is immune to tokens that share a read, where pooled gaps are not', () => {
    const smooth = sampleOf({ ttft: 0.1, gap: 0.01, tokens: 9 })
    const bunched = sampleOf({
      chunkAt: [0.1, 0.1, 0.1, 0.14, 0.14, 0.14, 0.14, 0.18, 0.18],
      chunkTokens: Array.from({ length: 9 }, () => 1),
      tokens: 9,
    })
    expect(tokenWeightedItl([bunched])).toBeCloseTo(tokenWeightedItl([smooth]) ?? 0, 9)
    const pooled = definitions['itl.pooled'].values([bunched])
    expect(pooled.filter((gap) => gap === 0)).toHaveLength(6)
  })
})
