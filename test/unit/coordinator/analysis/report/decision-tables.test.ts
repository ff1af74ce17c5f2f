import { describe, expect, it } from 'vitest'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import {
  recommendationTable,
  stepsTable,
} from '../../../../../coordinator/analysis/report/decision-tables.js'
import type { Report } from '../../../../../coordinator/analysis/report/report.js'
import { paretoSvg } from '../../../../../coordinator/analysis/report/svg-pareto.js'
import { sweepSteps } from '../../../../../coordinator/analysis/report/sweep-steps.js'
import type { ExportPart } from '../../../../../shared/domain/sweep-desk.js'
import { sampleExport, sweepText } from './sample-export.js'

const reportOf = (extra = ''): Report =>
  collectReport(
    sampleExport.map((part): ExportPart =>
      part.kind === 'text' ? { kind: 'text', text: sweepText + extra } : part,
    ),
  )

describe('gain and accuracy per step', () => {
  const steps = sweepSteps(reportOf()) ?? []

  it('goes from all to powers of two to short outputs, each cheaper and less accurate', () => {
    expect(steps.map(({ configurations }) => configurations)).toEqual([
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
    ])
    const [all, powers, short] = steps
    expect(all).toMatchObject({ gain: 1, accuracy: { e2e: 1, output_throughput: 1 } })
    // 6 of 32 loads, and those with 64 of 64 and 256 output tokens.
    expect(powers?.configurations).toBeLessThan((all?.configurations ?? 0) / 4)
    expect(short?.configurations).toBe((powers?.configurations ?? 0) / 2)
    expect(powers?.gain).toBeGreaterThan(1)
    expect(short?.gain).toBeGreaterThan(powers?.gain ?? Infinity)
    expect(powers?.accuracy.e2e).toBeGreaterThan(0.97)
    expect(powers?.accuracy.e2e).toBeLessThan(1)
    // Four times the output takes about four times as long: as a stand-in it is badly wrong.
    expect(short?.accuracy.e2e).toBeLessThan(0.8)
  })

  it('ends with the sweep itself, its gain with an interval and no claim before calibration', () => {
    const table = stepsTable(reportOf())
    expect(table?.rows).toHaveLength(4)
    expect(table?.rows[0]?.slice(4)).toEqual(['reference', 'reference'])
    const last = table?.rows.at(-1) ?? []
    expect(last[0]).toBe('this sweep (adaptive)')
    expect(last[3]).toBe('14.9x (13.3x – 16.7x)')
    expect(last[4]).toContain('96.8 %')
    expect(last[5]).toBe('not yet calibrated')
  })

  it('says nothing before anything is known', () => {
    expect(stepsTable({ ...reportOf(), surface: [] })).toBeUndefined()
  })
})

describe('the recommendation of a report', () => {
  it('answers per request length under the limits and prices of the sweep file', () => {
    const { rows, columns } = recommendationTable(
      reportOf('slo: {e2e: {p50: 1s}}\nprices: {cpu: 0.5}\n'),
    )
    expect(rows).toHaveLength(6)
    expect(columns).toContain('USD per million output tokens')
    const [first] = rows
    expect(first?.slice(0, 2)).toEqual(['128', '64'])
    // 64 x (4 ms + 0.3 ms x load) + 128 x load x 20 µs is 0.95 s at a load of 32, but estimated to
    // 7 % only: a little less load is surer to stay below 1 s.
    expect(first?.[3]).toBe('30')
    // 256 output tokens take a second at least.
    expect(rows[1]?.[2]).toBe('nothing meets the limits')
  })

  it('tells why there is no answer where a limit was not measured', () => {
    const { rows, note } = recommendationTable(reportOf('slo: {ttft: {p95: 1s}}\n'))
    expect(rows).toEqual([])
    expect(note).toContain('did not measure ttft')
  })
})

describe('the plot of throughput against latency', () => {
  it('draws every configuration that runs, and a line through the front', () => {
    const svg = paretoSvg(reportOf()) ?? ''
    const running = reportOf().surface.filter(
      ({ feasible, measured }) => measured || feasible >= 0.5,
    )
    expect(svg.match(/<circle/g)).toHaveLength(running.length)
    expect(svg).toMatch(/<path class="line" d="M[\d.]+ [\d.]+L/)
    expect(svg).toContain('on the front with')
    expect(paretoSvg(reportOf())).toBe(svg)
  })

  it('is left out where nothing is estimated', () => {
    expect(paretoSvg({ ...reportOf(), surface: [] })).toBeUndefined()
  })
})
