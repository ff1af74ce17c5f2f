import { describe, expect, it } from 'vitest'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import { evenSample } from '../../../../../coordinator/analysis/report/even-sample.js'
import { roundTicks } from '../../../../../coordinator/analysis/report/plot-axis.js'
import { sampleExport } from './sample-export.js'

describe('collectReport', () => {
  it('gathers parts in any order', () => {
    const report = collectReport([...sampleExport].reverse())
    expect(report.curve.map(({ deviceSeconds }) => deviceSeconds)).toEqual([40, 90, 150])
    expect(report.surface).toHaveLength(192)
    expect(report.sweep.strategy.seed).toBe(7)
    expect(report.auditKeys.size).toBe(6)
  })

  it('refuses an export without text or status', () => {
    for (const missing of ['text', 'status'] as const) {
      expect(() => collectReport(sampleExport.filter(({ kind }) => kind !== missing))).toThrow(
        'the export of the sweep holds no',
      )
    }
  })

  it('refuses an environment that is not JSON', () => {
    expect(() => collectReport([{ kind: 'environment', json: '{' }])).toThrow('not JSON')
  })
})

describe('evenSample', () => {
  const items = Array.from({ length: 1003 }, (_, k) => k)

  it('takes one out of every stretch, the same ones for the same seed', () => {
    const sample = evenSample(items, 100, 3)
    expect(sample).toHaveLength(100)
    sample.forEach((item, stretch) => {
      expect(item).toBeGreaterThanOrEqual(Math.floor(stretch * 10.03))
      expect(item).toBeLessThan(Math.floor((stretch + 1) * 10.03 + 1e-9))
    })
    expect(evenSample(items, 100, 3)).toEqual(sample)
    expect(evenSample(items, 100, 4)).not.toEqual(sample)
  })

  it('keeps everything that fits', () => {
    expect(evenSample(items, 1003, 1)).toBe(items)
  })
})

describe('roundTicks', () => {
  it('is round and covers the range', () => {
    expect(roundTicks(0, 157)).toEqual([0, 50, 100, 150])
    expect(roundTicks(3, 3)).toEqual([3])
  })
})
