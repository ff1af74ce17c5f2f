import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  exportFormatOf,
  exportFormats,
} from '../../../../../coordinator/analysis/formats/export-formats.js'
import type { DefinitionName } from '../../../../../coordinator/analysis/formats/definitions.js'
import type { ImportedRecord } from '../../../../../coordinator/analysis/formats/format.js'
import { figure, readText, thrownBy } from './read-fixture.js'
import {
  loadOf,
  measuredReport,
  outputTokensOf,
  recordsOf,
  repetitions,
  trialOf,
} from './sample-measured.js'
import type { Kind } from './sample-measured.js'

async function exported(format: string, kind: Kind) {
  const report = measuredReport(kind)
  return exportFormatOf(format).render(report, await recordsOf(report))
}

/** Exports, then imports what was written; copies in summaries left out. */
async function roundTrip(format: string, kind: Kind, importName = format) {
  const { files } = await exported(format, kind)
  const records = files
    .filter(({ path }) => !path.endsWith('summary.json'))
    .flatMap(({ text }) => {
      const read = readText(text)
      expect(read.format.name).toBe(importName)
      return read.records
    })
  expect(records).toHaveLength(4)
  return records
}

const indices = [0, 1, 2, 3]
const expectShapes = (records: readonly ImportedRecord[]) => {
  expect(records.map(({ configuration: c }) => [c.load, c.inputTokens, c.outputTokens])).toEqual(
    indices.map((index) => [loadOf(index), 64, outputTokensOf(index)]),
  )
}

/** The figures of sample-measured.ts by definition. */
const requests = (index: number) => {
  const load = loadOf(index)
  const n = outputTokensOf(index)
  const ttft = 0.1 + 0.001 * ((load - 1) / 2) + 0.0001 * ((repetitions - 1) / 2)
  const longest = 0.1 + 0.001 * (load - 1) + 0.0001 * (repetitions - 1)
  const seconds = 10 * (repetitions - 1) + longest + 0.01 * (n - 1) + 0.001
  const expected: Partial<Record<DefinitionName, number>> = {
    ttft,
    'ttft.vllm': ttft,
    'ttft.guidellm': ttft,
    tpot: 0.01,
    'itl.token_weighted': 0.01,
    'itl.pooled': 0.01,
    e2e: ttft + 0.01 * (n - 1),
    'e2e.last_byte': ttft + 0.01 * (n - 1) + 0.001,
    output_throughput: (repetitions * load * n) / seconds,
    'output_throughput.trimmed': (repetitions * load * n) / seconds,
    total_throughput: (repetitions * load * (n + 64)) / seconds,
    request_throughput: (repetitions * load) / seconds,
  }
  return expected
}

describe('export and import again', () => {
  it.each([
    ['vllm', ['ttft.vllm', 'tpot', 'itl.pooled', 'e2e', 'output_throughput', 'total_throughput']],
    ['sglang', ['ttft', 'tpot', 'e2e.last_byte', 'output_throughput', 'request_throughput']],
    ['guidellm', ['ttft.guidellm', 'itl.token_weighted', 'e2e.last_byte']],
    ['aiperf', ['ttft', 'tpot', 'itl.pooled', 'e2e.last_byte', 'output_throughput']],
    ['inference-perf', ['ttft', 'tpot', 'itl.pooled', 'e2e.last_byte', 'total_throughput']],
    ['inferencex', ['ttft.vllm', 'tpot', 'e2e', 'output_throughput', 'total_throughput']],
  ] as const)('%s keeps configurations and figures of a closed loop', async (format, names) => {
    const records = await roundTrip(format, 'closed-loop')
    expectShapes(records)
    records.forEach((record, index) => {
      expect(record.workload).toBe('closed-loop')
      for (const name of names) {
        const statistic = name.includes('throughput') ? 'total' : 'mean'
        expect(figure(record, name, statistic), `${format} ${name}`).toBeCloseTo(
          requests(index)[name] ?? NaN,
          9,
        )
      }
    })
  })

  it.each(['vllm', 'sglang', 'guidellm', 'aiperf', 'inference-perf'])(
    '%s keeps the rates of an open loop',
    async (format) => {
      const records = await roundTrip(format, 'open-loop')
      expectShapes(records)
      expect(new Set(records.map(({ workload }) => workload))).toEqual(new Set(['open-loop']))
    },
  )

  it('keeps model, hardware and devices where the format has a place for them', async () => {
    for (const format of ['vllm', 'inferencex']) {
      for (const { configuration } of await roundTrip(format, 'closed-loop')) {
        expect(configuration).toMatchObject({
          model: 'org/model',
          hardware: 'H100',
          tensorParallel: 2,
        })
      }
    }
  })

  it.each([
    ['fmwork', 'fmwork'],
    ['fmwork-csv', 'fmwork-csv'],
    ['fmwork-csv-swapped', 'fmwork-csv'],
  ])(
    '%s keeps batches, their first tokens, and our ITL though its own divides otherwise',
    async (format, name) => {
      const records = await roundTrip(format, 'static-batch', name)
      expectShapes(records)
      records.forEach((record, index) => {
        const n = outputTokensOf(index)
        // The slowest sequence of the middle repetition.
        const first = 0.1 + 0.001 * (loadOf(index) - 1) + 0.0001
        const whole = first + 0.01 * (n - 1)
        expect(figure(record, 'batch_ttft', 'median')).toBeCloseTo(first, 5)
        expect(figure(record, 'e2e.batch', 'median')).toBeCloseTo(whole, 5)
        expect(figure(record, 'itl.batch', 'median')).toBeCloseTo(0.01, 5)
        const throughput = (loadOf(index) * n) / whole
        expect((figure(record, 'output_throughput.batch', 'total') ?? 0) / throughput).toBeCloseTo(
          1,
          4,
        )
      })
    },
  )
})

describe('what is not exported', () => {
  it('is a load that the format cannot name', async () => {
    const loops = ['vllm', 'sglang', 'guidellm', 'aiperf', 'inference-perf', 'inferencex']
    const report = measuredReport('static-batch')
    const records = await recordsOf(report)
    for (const format of loops) {
      expect(thrownBy(() => exportFormatOf(format).render(report, records)).code).toBe(
        'CONVERSION_REFUSED',
      )
    }
    const loop = measuredReport('closed-loop')
    for (const format of ['fmwork', 'fmwork-csv', 'llm-inference-bench']) {
      expect(thrownBy(() => exportFormatOf(format).render(loop, records)).message).toMatch(
        /cannot be exported/,
      )
    }
  })

  it('is a measurement with an invalid doubt, in any format', async () => {
    const doubt = { kind: 'host_busy', severity: 'invalid', detail: 'x' } as const
    const report = measuredReport('closed-loop', [trialOf(0, [doubt])])
    const records = await recordsOf(report)
    for (const format of exportFormats) {
      expect(thrownBy(() => format.render(report, records)).code).toBe('CONVERSION_REFUSED')
    }
  })

  it('is a figure of requests whose raw records are gone', () => {
    const report = measuredReport('closed-loop')
    const error = thrownBy(() => exportFormatOf('vllm').render(report, new Map()))
    expect(error.problems[0]?.expected).toMatch(/raw records/)
  })

  it('is a percentile that too few requests support', async () => {
    const { files } = await exported('aiperf', 'closed-loop')
    const first = JSON.parse(files[0]?.text ?? '') as Record<string, Record<string, unknown>>
    expect(first.time_to_first_token).toMatchObject({ unit: 'ms', p99: null })
  })

  it('is a length that LLM-Inference-Bench cannot name: its input is its output', async () => {
    const { files, problems } = await exported('llm-inference-bench', 'static-batch')
    const { records } = readText(files[0]?.text ?? '')
    expect(records.map(({ configuration }) => configuration.load)).toEqual([2, 8])
    expect(problems).toContainEqual(expect.objectContaining({ value: '2' }))
  })
})

describe('llm-d', () => {
  const schema = JSON.parse(
    readFileSync('test/fixtures/schemas/llm-d/br_v0_2_1_json_schema.json', 'utf8'),
  ) as object
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/)
  const validate = ajv.compile(schema)

  it.each(['static-batch', 'closed-loop', 'open-loop'] as const)(
    'is valid against the published schema for a %s',
    async (kind) => {
      const { files } = await exported('llm-d', kind)
      expect(files).toHaveLength(4)
      for (const { text } of files) {
        validate(JSON.parse(text))
        expect(validate.errors ?? []).toEqual([])
      }
    },
  )

  it('has no latency without raw records, says so, and is valid still', () => {
    const { files, problems } = exportFormatOf('llm-d').render(
      measuredReport('closed-loop'),
      new Map(),
    )
    const json: unknown = JSON.parse(files[0]?.text ?? '')
    expect(validate(json)).toBe(true)
    expect(JSON.stringify(json)).not.toContain('time_to_first_token')
    expect(problems[0]?.field).toBe('latency')
  })

  it('refuses a report without its uid: the schema is at work', () => {
    expect(validate({ version: '0.2.1', run: {}, results: {} })).toBe(false)
  })
})

describe('prometheus', () => {
  it('has one series per measurement and metric, with its interval', async () => {
    const { files } = await exported('prometheus', 'closed-loop')
    const lines = (files[0]?.text ?? '').split('\n')
    const ttft = lines.filter((line) => line.startsWith('fmwork_result_ttft_seconds{'))
    expect(ttft).toHaveLength(4)
    expect(ttft[0]).toMatch(/concurrency="2",input_tokens="64".* 0\.1$/)
    expect(lines).toContain('# TYPE fmwork_result_ttft_seconds_low gauge')
    const line = /^(?:#.*|[a-z0-9_]+\{(?:[a-z_]+="(?:[^"\\]|\\.)*",?)+\} [0-9.e+-]+|)$/
    expect(lines.filter((each) => !line.test(each))).toEqual([])
  })

  it('escapes what a name may hold', () => {
    const trial = trialOf(0)
    const configuration = { ...trial.configuration, model: 'a"b\\c\nd' }
    const report = measuredReport('closed-loop', [{ ...trial, configuration }])
    const [file] = exportFormatOf('prometheus').render(report, new Map()).files
    expect(file?.text).toContain('model="a\\"b\\\\c\\nd"')
  })
})

describe('a format that is not there', () => {
  it('is refused with the list of those that are', () => {
    const error = thrownBy(() => exportFormatOf('nonsense'))
    expect(error.code).toBe('FORMAT_UNKNOWN')
    expect(error.problems[0]?.expected).toContain('llm-d')
  })
})
