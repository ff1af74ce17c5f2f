import { describe, expect, it } from 'vitest'
import { judgeSamples } from '../../../../agent/run/judge.js'
import type { ClientHealth } from '../../../../agent/run/load/load-job.js'
import type { Observed } from '../../../../agent/run/trial-context.js'
import type { Sample } from '../../../../shared/domain/sample.js'
import { sampleOf } from './sample.js'

const healthy: ClientHealth = {
  eventLoopUtilization: 0.1,
  loopDelayMean: 0.0001,
  loopDelayP99: 0.001,
  loopDelayMax: 0.002,
}

function judged(
  samples: readonly Sample[],
  health: Partial<ClientHealth> = {},
  staticBatch = true,
  ownPrompts = false,
) {
  const moment = { at: 0, wall: 0 }
  const window: Observed = {
    report: { samples, window: { from: 0, to: 1 }, health: { ...healthy, ...health } },
    before: moment,
    after: moment,
  }
  const doubts = judgeSamples([window], { staticBatch, ownPrompts })
  return doubts.map(({ kind, severity }) => `${kind} ${severity}`)
}

describe('judgeSamples', () => {
  it('has nothing to say about a sound trial', () => {
    expect(judged([sampleOf()])).toEqual([])
  })

  it.each<[string, Partial<Sample>, string]>([
    ['too few output tokens', { outputTokens: 4 }, 'tokens_not_as_asked invalid'],
    ['another prompt', { inputTokens: 150 }, 'tokens_not_as_asked invalid'],
    ['a begin-of-text token', { inputTokens: 101 }, 'tokens_not_as_asked marked'],
    ['no usage', { inputTokens: null, outputTokens: null }, 'tokens_not_as_asked marked'],
    ['a little of the prompt cached', { cachedTokens: 1 }, 'prefix_cache_hit marked'],
    ['much of the prompt cached', { cachedTokens: 64 }, 'prefix_cache_hit invalid'],
  ])('sees %s', (_, shape, expected) => {
    expect(judged([sampleOf({ outputTokensAsked: 5, ...shape })])).toEqual([expected])
  })

  it('takes what prompts of a data set have in common for a part of it', () => {
    const sample = sampleOf({ outputTokensAsked: 5, cachedTokens: 64 })
    expect(judged([sample], {}, false, true)).toEqual(['prefix_cache_hit marked'])
  })

  it('sees a batch that was not sent at once', () => {
    const late = (sentAt: number) => [sampleOf(), sampleOf({ sentAt })]
    expect(judged(late(0.004))).toEqual([])
    expect(judged(late(0.01))).toEqual(['schedule_lag marked'])
    expect(judged(late(0.05))).toEqual(['schedule_lag invalid'])
  })

  it('sees requests of a loop that left late', () => {
    const late = [sampleOf({ scheduledAt: -0.05 })]
    expect(judged(late, {}, false)).toEqual(['schedule_lag invalid'])
  })

  it.each<[Partial<ClientHealth>, string]>([
    [{ eventLoopUtilization: 0.8 }, 'client_saturated marked'],
    [{ eventLoopUtilization: 0.95 }, 'client_saturated invalid'],
    [{ loopDelayP99: 0.01 }, 'event_loop_lag marked'],
    [{ loopDelayMean: 0.01 }, 'event_loop_lag invalid'],
  ])('sees a client that was late: %o', (health, expected) => {
    expect(judged([sampleOf({ ttft: 0.05, gap: 0.01, tokens: 5 })], health)).toEqual([expected])
  })

  it('holds the worst reads against the worst latencies where there are enough of these', () => {
    const many = Array.from({ length: 700 }, (_, request) => sampleOf({ request, sentAt: request }))
    expect(judged(many, { loopDelayP99: 0.003 }, false)).toEqual(['event_loop_lag marked'])
    expect(judged(many.slice(0, 600), { loopDelayP99: 0.003 }, false)).toEqual([])
  })

  it('sees requests that left at another rate than intended', () => {
    const paced = (stretch: number) =>
      Array.from({ length: 100 }, (_, request) =>
        sampleOf({ request, scheduledAt: request, sentAt: request * stretch }),
      )
    expect(judged(paced(1.00001), {}, false)).toEqual([])
    const early = judged(paced(0.97), {}, false)
    expect(early).toEqual(['schedule_lag marked'])
    expect(judged(paced(0.9), {}, false)).toEqual(['schedule_lag invalid'])
  })

  it('marks tokens that shared a read', () => {
    const bunched = sampleOf({
      chunkAt: [0.1, 0.1, 0.12, 0.12, 0.14],
      chunkTokens: [1, 1, 1, 1, 1],
    })
    expect(judged([bunched])).toEqual(['chunk_coalescing marked'])
  })
})
