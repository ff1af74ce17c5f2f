import { describe, expect, it } from 'vitest'
import type { PastStatus } from '../../../../shared/domain/meta-metrics.js'
import { pastNote, pastWords } from '../../../../shared/domain/past-words.js'

const past: PastStatus = {
  origins: [
    { origin: 'a100', rows: 1200 },
    { origin: 'h100.csv', rows: 12 },
  ],
  metrics: [
    { metric: 'itl', used: true, forecasts: 12, errorWith: 0.071, errorWithout: 0.19 },
    { metric: 'ttft', used: false, forecasts: 30, errorWith: 0.4, errorWithout: 0.052 },
    { metric: 'e2e', used: true, forecasts: 0, errorWith: 0, errorWithout: 0 },
  ],
}

describe('what a sweep started from, in words', () => {
  it('names the measurements and where they are from', () => {
    expect(pastWords(past)).toBe('1,212 measurements of a100 and h100.csv')
    expect(pastWords({ origins: [{ origin: 'one', rows: 1 }], metrics: [] })).toBe(
      '1 measurement of one',
    )
  })

  it('says of every metric whether they help, by the forecasts of both', () => {
    expect(pastNote(past).split('; ')).toEqual([
      'itl uses them: forecasts off by 7.1 % with, 19 % without',
      'ttft does without them: forecasts off by 40 % with, 5.2 % without',
      'e2e begins with them',
    ])
  })
})
