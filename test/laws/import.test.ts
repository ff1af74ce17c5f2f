import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGrid } from '../../coordinator/analysis/evaluate/grid.js'
import type { DefinitionName } from '../../coordinator/analysis/formats/definitions.js'
import type { ImportedRecord } from '../../coordinator/analysis/formats/format.js'
import { gridOfRecords } from '../../coordinator/analysis/formats/grid-of-records.js'
import {
  importFormats,
  readImportedFile,
} from '../../coordinator/analysis/formats/import-formats.js'
import { parseContent } from '../../coordinator/analysis/formats/content.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { fixturePaths, fixtureText } from '../unit/coordinator/analysis/formats/read-fixture.js'

const paths = fixturePaths()
const expectedErrors = ['FORMAT_INVALID', 'FORMAT_UNKNOWN', 'CONVERSION_REFUSED']

/** Reads a text: whatever it is, figures are finite and above 0, or one clear error is thrown. */
function readsOrRefuses(text: string): void {
  try {
    for (const { metrics, configuration } of readImportedFile('x', text).records) {
      for (const { value } of metrics) expect(value > 0 && value < 1e20).toBe(true)
      for (const axis of [configuration.load, configuration.inputTokens]) {
        expect(axis === undefined || (axis > 0 && Number.isFinite(axis))).toBe(true)
      }
    }
  } catch (error) {
    if (!(error instanceof FmworkError)) throw error
    expect(expectedErrors).toContain(error.code)
    for (const { field, value } of error.problems) {
      expect(`${field}${value ?? ''}`.length).toBeLessThan(600)
    }
  }
}

const hostile: readonly string[] = [
  '1e999',
  '-1',
  '0',
  '1e300',
  'NaN',
  '-Infinity',
  'null',
  '"__proto__"',
  '"\\u001b[2J\\u202e"',
  '""',
  'true',
  '[]',
  '{}',
  '{"__proto__": {"value": 1}, "constructor": 1}',
  `${'['.repeat(3000)}${']'.repeat(3000)}`,
  '123456789012345678901234567890',
]

describe('every file of a format', () => {
  it('is recognised by exactly one format, whatever it is called', () => {
    for (const path of paths) {
      const content = parseContent('renamed.txt', fixtureText(path))
      const names = importFormats.filter((format) => format.recognises(content))
      expect([path, names.map(({ name }) => name)]).toEqual([path, [expect.any(String)]])
    }
  })

  it('cut anywhere gives what is whole, or one clear error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (path, share) => {
          const text = fixtureText(path)
          readsOrRefuses(text.slice(0, Math.floor(share * text.length)))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('with any value replaced by a hostile one is read or refused', () => {
    const value = /"(?:[^"\\]|\\.)*"(?!\s*:)|-?\d+(?:\.\d+)?|null|true|false/g
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.nat(),
        fc.constantFrom(...hostile),
        (path, which, replacement) => {
          const text = fixtureText(path)
          const values = [...text.matchAll(value)]
          const found = values[which % values.length]
          if (found === undefined) throw new Error(`${path} has no value`)
          const end = found.index + found[0].length
          readsOrRefuses(text.slice(0, found.index) + replacement + text.slice(end))
        },
      ),
      { numRuns: 600 },
    )
    expect({}).not.toHaveProperty('value')
  })

  it('with any key renamed is read or refused', () => {
    const key = /"([^"\\]+)"\s*:/g
    const json = paths.filter((path) => /\.jsonl?$/.test(path))
    fc.assert(
      fc.property(
        fc.constantFrom(...json),
        fc.nat(),
        fc.constantFrom('__proto__', 'toString', 'x'),
        (path, which, replacement) => {
          const text = fixtureText(path)
          const keys = [...text.matchAll(key)]
          const found = keys[which % keys.length]
          if (found === undefined) throw new Error(`${path} has no key`)
          const end = found.index + found[0].length
          readsOrRefuses(`${text.slice(0, found.index)}"${replacement}":${text.slice(end)}`)
        },
      ),
      { numRuns: 300 },
    )
  })
})

// Few, so that columns have several definitions to choose from and rows enough to fill them.
const names: readonly DefinitionName[] = [
  'ttft',
  'ttft.vllm',
  'tpot',
  'output_throughput',
  'itl.pooled',
]
const metric = fc.record({
  definition: fc.constantFrom(...names),
  statistic: fc.constantFrom('median' as const, 'mean' as const, 'total' as const),
  value: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  field: fc.constant('f'),
})
const record: fc.Arbitrary<ImportedRecord> = fc.record({
  configuration: fc.record({
    model: fc.constantFrom('a', 'b'),
    engineArgs: fc.constant({}),
    hardware: fc.constant('H100'),
    tensorParallel: fc.constantFrom(1, 2),
    load: fc.integer({ min: 1, max: 64 }),
    inputTokens: fc.constantFrom(128, 1024),
    outputTokens: fc.constant(64),
  }),
  workload: fc.constant('closed-loop' as const),
  metrics: fc.uniqueArray(metric, {
    minLength: 1,
    maxLength: 8,
    selector: ({ definition, statistic }) => `${definition} ${statistic}`,
  }),
  cost: fc.constant({ seconds: 3, basis: 'whole run' as const }),
  environment: fc.constant({}),
  origin: fc.constant({ path: 'x', place: { path: '' } }),
})

describe('every grid of records', () => {
  const options = {
    name: 'g',
    given: {},
    duplicates: 'repetitions',
    source: 's',
    licence: 'l',
  } as const
  const gridOf = (records: readonly ImportedRecord[]) => {
    try {
      return gridOfRecords(records, options)
    } catch (error) {
      if (error instanceof FmworkError && error.code === 'CONVERSION_REFUSED') return undefined
      throw error
    }
  }

  it('can be read, and holds in each column figures of the one definition that it names', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 12 }), (records) => {
        const grid = gridOf(records)
        if (grid === undefined) return
        const read = readGrid(grid.csv, grid.json)
        expect(read.configurations).toHaveLength(grid.rows)
        grid.columns.forEach((choice, index) => {
          const figures = records.flatMap(({ metrics }) =>
            metrics
              .filter(
                ({ definition, statistic }) =>
                  definition === choice.definition && statistic === choice.statistic,
              )
              .map(({ value }) => value),
          )
          const low = Math.min(...figures)
          const high = Math.max(...figures)
          const column = read.truth[read.metrics[index] ?? 'e2e'] ?? []
          for (const value of column) {
            expect(value >= low * (1 - 1e-12) && value <= high * (1 + 1e-12)).toBe(true)
          }
        })
      }),
      { numRuns: 200 },
    )
  })

  it('has the same rows whatever the order of the files', () => {
    const lines = (csv: string) => csv.trimEnd().split('\n').slice(1).sort()
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 12 }), (records) => {
        const forward = gridOf(records)
        const backward = gridOf([...records].reverse())
        expect(backward?.rows).toBe(forward?.rows)
        if (forward === undefined || backward === undefined) return
        expect(lines(backward.csv)).toEqual(lines(forward.csv))
      }),
      { numRuns: 100 },
    )
  })
})
