import { describe, expect, it } from 'vitest'
import { decideStop } from '../../../../coordinator/plan/goal.js'
import type { GoalEvidence } from '../../../../coordinator/plan/goal.js'
import { remainingDeviceSeconds } from '../../../../coordinator/plan/remaining.js'
import type { MetricAccuracy } from '../../../../shared/domain/meta-metrics.js'

const one = { value: 1, low: 1, high: 1 }
/** Of a metric that is measured everywhere: its error is its noise. */
const accuracyOf = (metric: 'ttft' | 'itl', noise: number): MetricAccuracy => ({
  metric,
  calibrated: false,
  why: '0 of 6 audits',
  accuracy: { value: 1 - noise, low: 1 - noise, high: 1 - noise },
  within5: one,
  p95Error: one,
  bias: one,
  noiseFloor: NaN,
})

const evidence: GoalEvidence = {
  goal: { accuracy: 0.95 },
  verdict: undefined,
  accuracy: [accuracyOf('itl', 0.004), accuracyOf('ttft', 0.02)],
  exhausted: false,
  pending: 0,
  measured: 10,
  left: 5,
}

describe('decideStop', () => {
  it('goes on while nothing says stop', () => {
    expect(decideStop(evidence)).toBeUndefined()
  })

  it('passes the surface’s verdict on', () => {
    const verdict = { goalReached: true, reason: 'audited' }
    expect(decideStop({ ...evidence, verdict })).toBe(verdict)
  })

  it('waits for what is under way', () => {
    expect(decideStop({ ...evidence, exhausted: true, pending: 1 })).toBeUndefined()
  })

  it('claims no goal where a reduction has come to its end', () => {
    expect(decideStop({ ...evidence, exhausted: true })).toEqual({
      goalReached: false,
      reason: 'the strategy has measured all that it wants, 10 of 15; the goal is not shown',
    })
  })

  it('has reached the goal where everything is measured and the noise allows it', () => {
    const complete = { ...evidence, exhausted: true, left: 0 }
    expect(decideStop(complete)).toEqual({
      goalReached: true,
      reason: 'all 10 configurations that can run are measured',
    })
    expect(decideStop({ ...complete, accuracy: [] })?.goalReached).toBe(true)
    const tail = (p95Error: number) =>
      decideStop({ ...complete, goal: { accuracy: 0.95, p95Error } })?.goalReached
    expect([tail(0.06), tail(0.04)]).toEqual([true, false])
    expect(decideStop({ ...complete, accuracy: [accuracyOf('ttft', 0.08)] })).toEqual({
      goalReached: false,
      reason:
        'all 10 configurations that can run are measured, yet the noise of ttft is 8.0 % from one measurement to the next',
    })
  })
})

describe('remainingDeviceSeconds', () => {
  const progress = {
    spent: 100,
    error: 0.1,
    target: 0.05,
    audits: 8,
    auditsNeeded: 8,
    auditCost: 2,
    auditShare: 0.2,
    rest: 10_000,
  }

  it('follows the power by which errors fall', () => {
    expect(remainingDeviceSeconds(progress)).toBeCloseTo(100 * (2 ** (1 / 0.6) - 1), 9)
  })

  it('counts the audits that are missing, at their share', () => {
    expect(remainingDeviceSeconds({ ...progress, error: 0.01, audits: 3 })).toBeCloseTo(50, 9)
    expect(remainingDeviceSeconds({ ...progress, error: 0.01 })).toBe(0)
  })

  it('never exceeds measuring the rest, and is silent before anything is known', () => {
    expect(remainingDeviceSeconds({ ...progress, error: 3 })).toBe(10_000)
    expect(remainingDeviceSeconds({ ...progress, spent: 0 })).toBeUndefined()
    expect(remainingDeviceSeconds({ ...progress, error: Infinity })).toBeUndefined()
  })
})
