import { describe, expect, it } from 'vitest'
import { regretWords } from '../../../../coordinator/analysis/report/decision-words.js'
import { isDecided } from '../../../../shared/domain/decided.js'
import type { DecisionStatus } from '../../../../shared/domain/meta-metrics.js'

const status: DecisionStatus = {
  ...{ objective: 'usd', probability: 0.97, wanted: 0.95, tolerance: 0.01 },
  ...{ regretAtMost: 0.003, regretAllowed: 0.005 },
}

describe('a decision in words', () => {
  it('is one where it is as sure as wanted and may lose no more than allowed', () => {
    expect(isDecided(status)).toBe(true)
    expect(isDecided({ ...status, probability: 0.94 })).toBe(false)
    expect(isDecided({ ...status, regretAtMost: 0.006 })).toBe(false)
  })

  it('says what it may lose, where that was told', () => {
    expect(regretWords(status)).toBe('expected to lose at most 0.3 %, 0.5 % allowed')
    const { objective, probability, wanted, tolerance } = status
    const older: DecisionStatus = { objective, probability, wanted, tolerance }
    expect(isDecided(older)).toBe(true)
    expect(regretWords(older)).toBeUndefined()
  })
})
