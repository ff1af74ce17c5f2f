import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import { renderJson } from '../../../../../coordinator/analysis/report/render-json.js'
import type { Report } from '../../../../../coordinator/analysis/report/report.js'
import type { ExportPart } from '../../../../../shared/domain/sweep-desk.js'
import {
  decidedAndStepped,
  harvest,
  sampleExport,
  sampleVerification,
  sweepText,
} from './sample-export.js'

const schema = JSON.parse(readFileSync('docs/schema/report.v1.json', 'utf8')) as object
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)

const problemsOf = (report: Report): unknown => {
  validate(JSON.parse(renderJson(report)))
  return validate.errors ?? []
}

const report = (extra: readonly ExportPart[] = [], text = sweepText): Report =>
  collectReport([
    ...sampleExport.map((part): ExportPart =>
      part.kind === 'text' ? { kind: 'text', text } : part,
    ),
    ...extra,
  ])

describe('docs/schema/report.v1.json', () => {
  it('describes a finished and verified sweep with limits and prices', () => {
    const text = `${sweepText}slo: {e2e: {p50: 1s}}\nprices: {cpu: 0.5}\n`
    expect(problemsOf(report([sampleVerification], text))).toEqual([])
  })

  it('describes a sweep that has measured nothing yet', () => {
    expect(problemsOf({ ...report(), surface: [], trials: [], curve: [] })).toEqual([])
  })

  it('describes a decision and levels that changed', () => {
    const found = report()
    expect(problemsOf({ ...found, status: { ...found.status, ...decidedAndStepped } })).toEqual([])
  })

  it('describes what longer runs told', () => {
    const found = report()
    const [first, ...rest] = found.surface
    if (first === undefined) throw new Error('the sample has a surface')
    const surface = [{ ...first, measured: false, harvested: true }, ...rest]
    expect(problemsOf({ ...found, surface, status: { ...found.status, harvest } })).toEqual([])
  })

  it('refuses figures without a unit, unknown states and missing parts', () => {
    const json = JSON.parse(renderJson(report())) as Record<string, object>
    const broken = [
      { ...json, gain: { value: 3 } },
      { ...json, sweep: { ...json.sweep, state: 'DONE' } },
      { ...json, schemaVersion: 2 },
      { ...json, trials: undefined },
    ]
    for (const each of broken) expect(validate(JSON.parse(JSON.stringify(each)))).toBe(false)
  })
})
