import { describe, expect, it } from 'vitest'
import { evaluationText, jsonRow } from '../../../../cli/commands/evaluate.js'
import { accuracyPlot } from '../../../../cli/commands/evaluate-plot.js'
import type { EvaluateRow } from '../../../../coordinator/analysis/evaluate/evaluate.js'

const of = { grid: 'h100', strategy: 'adaptive' } as const
const score: EvaluateRow = {
  kind: 'score',
  ...of,
  share: 0.05,
  seeds: 8,
  agents: 1,
  scores: {
    error: { median: 0.08, p10: 0.06, p90: 0.11 },
    within5: { median: 0.5, p10: 0.4, p90: 0.6 },
    ratio: { median: 1.1, p10: 0.9, p90: 1.3 },
  },
}
const gain: EvaluateRow = { kind: 'gain', ...of, accuracy: 0.9, gain: 20 }
const noGain: EvaluateRow = { kind: 'gain', ...of, accuracy: 0.95 }
const noStop: EvaluateRow = { kind: 'stops', ...of, goal: 0.9, stops: 0, stopsTrue: 0 }
const stops: EvaluateRow = { ...noStop, stops: 8, stopsTrue: 7, share: 0.04 }

describe('a row of an evaluation, for programs', () => {
  it('has medians, and their spread over the seeds beside each', () => {
    expect(jsonRow(score)).toEqual({
      ...of,
      share: 0.05,
      seeds: 8,
      agents: 1,
      error: 0.08,
      error_p10: 0.06,
      error_p90: 0.11,
      within5: 0.5,
      within5_p10: 0.4,
      within5_p90: 0.6,
      ratio: 1.1,
      ratio_p10: 0.9,
      ratio_p90: 1.3,
    })
  })

  it('has null where there is no figure', () => {
    expect(jsonRow(gain)).toEqual({ ...of, accuracy: 0.9, gain: 20 })
    expect(jsonRow(noGain)).toEqual({ ...of, accuracy: 0.95, gain: null })
    expect(jsonRow(stops)).toEqual({ ...of, goal: 0.9, stops: 8, stops_true: 7, share: 0.04 })
    expect(jsonRow(noStop)).toMatchObject({ share: null })
  })
})

describe('an evaluation, for people', () => {
  const text = evaluationText([score, gain, noGain, stops])

  it('shows a dash where there is no score', () => {
    expect(text).toMatch(
      /^h100\s+adaptive\s+5\.0 %\s+8\.0 % \(6\.0 % – 11\.0 %\)\s+50\.0 %\s+–\s+–\s+1\.10\s+–\s+–\s+–$/m,
    )
  })

  it('names the reference of the gain, and says when none was seen', () => {
    expect(text).toContain('Gain: device-seconds of the whole grid / least share')
    expect(text).toMatch(/^h100\s+adaptive\s+90\.0 %\s+20\.0x$/m)
    expect(text).toMatch(/^h100\s+adaptive\s+95\.0 %\s+not within the shares scored$/m)
  })

  it('judges stops only when a goal was given', () => {
    expect(text).toMatch(/7 of 8 stops at 90\.0 % were true/)
    expect(evaluationText([score, gain])).not.toContain('stops')
  })
})

describe('the plot of an evaluation', () => {
  it('has a panel per grid and a curve per strategy, with no figure but numbers', () => {
    const other = { ...score, grid: '<b>', share: 0.1 }
    const svg = accuracyPlot([score, { ...score, share: 0.2 }, other, gain])
    expect(svg.match(/<polyline/g)).toHaveLength(2)
    expect(svg).toContain('&#60;b&#62;')
    expect(svg).not.toMatch(/NaN|Infinity|undefined|<b>/)
  })
})
