import { describe, expect, it } from 'vitest'
import { definitions } from '../../../../../agent/run/metrics/definitions.js'
import { summarize } from '../../../../../agent/run/metrics/definition-summary.js'
import { goodputOf } from '../../../../../agent/run/metrics/goodput.js'
import { createRandom } from '../../../../../shared/stats/random.js'
import { sampleOf } from '../sample.js'

const random = createRandom(9)
const many = (count: number) =>
  Array.from({ length: count }, (_, request) =>
    sampleOf({ request, sentAt: request * 0.1, ttft: 0.1 * Math.exp(0.1 * random.normal()) }),
  )

describe('summarize', () => {
  it('knows every definition by name', () => {
    const names = summarize(many(50), [99]).map(({ name }) => name)
    expect(names).toEqual(Object.keys(definitions))
  })

  it('says which percentiles the count supports', () => {
    const supported = (count: number) =>
      summarize(many(count), [50, 90, 99], ['ttft'])[0]?.percentiles.map((each) => each.supported)
    expect(supported(63)).toEqual([true, false, false])
    expect(supported(64)).toEqual([true, true, false])
    expect(supported(662)).toEqual([true, true, true])
  })

  it('gives the mean an interval by batch means, and none where batches are too few', () => {
    expect(summarize(many(39), [], ['ttft'])[0]?.interval).toBeNull()
    const [ttft] = summarize(many(400), [], ['ttft'])
    expect(ttft?.interval?.batches).toBe(20)
    expect(ttft?.interval?.low).toBeLessThan(ttft?.mean ?? 0)
    expect(ttft?.interval?.high).toBeGreaterThan(ttft?.mean ?? 0)
  })

  it('is wider than the iid formula where requests resemble their neighbours', () => {
    const waves = many(400).map((sample, at) =>
      sampleOf({
        ...sample,
        chunkAt: [sample.sentAt + 1 + 0.5 * Math.sin(at / 60)],
        chunkTokens: [1],
      }),
    )
    const [ttft] = summarize(waves, [], ['ttft'])
    const iid = (1.96 * (ttft?.standardDeviation ?? 0)) / Math.sqrt(400)
    expect((ttft?.interval?.high ?? 0) - (ttft?.mean ?? 0)).toBeGreaterThan(2 * iid)
  })

  it('takes the repetitions of a batch for its independent observations', () => {
    const repetitions = many(30).map((sample, at) => ({ ...sample, repetition: at % 3 }))
    expect(summarize(repetitions, [], ['ttft'])[0]?.interval?.batches).toBe(3)
  })

  it('leaves out what the samples do not define', () => {
    const single = [sampleOf({ tokens: 1 })]
    expect(summarize(single, [], ['tpot', 'ttft']).map(({ name }) => name)).toEqual(['ttft'])
  })
})

describe('goodputOf', () => {
  const slow = sampleOf({ ttft: 0.6 })
  const failed = sampleOf({ outcome: 'error' })

  it('counts requests that met every limit, over all that were sent', () => {
    const goodput = goodputOf([sampleOf(), slow, failed, sampleOf()], { ttft: 0.5, tpot: 0.02 }, 4)
    expect(goodput).toEqual({ good: 2, share: 0.5, requestsPerSecond: 0.5 })
  })

  it('holds each limit', () => {
    const good = (limits: object) => goodputOf([sampleOf()], limits, 1).good
    expect([good({ ttft: 0.11 }), good({ ttft: 0.09 })]).toEqual([1, 0])
    expect([good({ tpot: 0.011 }), good({ tpot: 0.009 })]).toEqual([1, 0])
    expect([good({ e2el: 0.15 }), good({ e2el: 0.13 })]).toEqual([1, 0])
  })
})
