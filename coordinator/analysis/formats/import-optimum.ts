import { FmworkError } from '../../../shared/domain/errors.js'
import { configurationOf, known } from './configuration-of.js'
import type { DefinitionName } from './definitions.js'
import { Fields, hasAll, own } from './fields.js'
import type { ImportedMetric, ImportFormat, Statistic } from './format.js'
import { printablePath, Reading } from './reading.js'

const statistics: Readonly<Record<string, Statistic>> = {
  mean: 'mean',
  p50: 'median',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  stdev: 'std',
}

/** @param divisor of every figure: later tokens, where it is a time per token */
function latency(
  report: Fields | undefined,
  target: string,
  definition: DefinitionName,
  divisor = 1,
): ImportedMetric[] {
  const found = report?.object(target)?.object('latency')
  return Object.entries(statistics).flatMap(([name, statistic]) =>
    (found?.metric(name, definition, statistic, divisor) ?? []).map((metric) => ({
      ...metric,
      field: `report.${target}.latency.${name}${divisor === 1 ? '' : ` / ${divisor}`}`,
    })),
  )
}

/** Beams and several answers per prompt make other work of a batch than its size says. */
function refuseBeams(path: string, generation: Fields | undefined): void {
  const beams = ['num_beams', 'num_return_sequences'].find(
    (name) => (generation?.number(name) ?? 1) > 1,
  )
  if (beams === undefined) return
  throw new FmworkError('CONVERSION_REFUSED', `${printablePath(path)} measured beam search`, {
    problems: [{ field: beams, expected: 'expected 1: a batch would not be so many sequences' }],
    hint: 'Leave the file out.',
  })
}

/** One name where all devices have the same. */
function hardwareOf(environment: Fields | undefined): string | undefined {
  const names = environment?.raw('gpu')
  if (Array.isArray(names) && names.length > 0) {
    const different = new Set(names.filter((each) => typeof each === 'string'))
    const [first] = different
    return different.size === 1 ? first : undefined
  }
  return typeof names === 'string' ? names : environment?.text('cpu')
}

/** 1 where one device ran it all; with more the file does not say what they shared. */
function tensorParallelOf(backend: Fields | undefined): number | undefined {
  if (backend?.raw('device') === 'cpu') return 1
  const ids = backend?.raw('device_ids')
  return (typeof ids === 'string' && /^\d+$/.test(ids)) || typeof ids === 'number' ? 1 : undefined
}

/** optimum-benchmark’s benchmark.json of a text generation. */
export const optimumFormat: ImportFormat = {
  name: 'optimum-benchmark',
  title: 'benchmark.json of optimum-benchmark',
  recognises: (content) =>
    content.kind === 'json' &&
    hasAll(content.value, 'config', 'report') &&
    hasAll(own(content.value, 'report'), 'prefill', 'decode'),
  read(content) {
    const reading = new Reading(content.path, this.title)
    const whole = new Fields(reading, content.kind === 'json' ? content.value : null, { path: '' })
    const config = whole.object('config')
    const report = whole.object('report')
    const backend = config?.object('backend')
    const scenario = config?.object('scenario')
    const shapes = scenario?.object('input_shapes')
    const generation = scenario?.object('generate_kwargs')
    refuseBeams(content.path, generation)
    const batch = shapes?.count('batch_size')
    const tokens = generation?.count('max_new_tokens') ?? scenario?.count('new_tokens')
    const generated = report?.object('generate')?.object('latency')
    const seconds = generated?.positive('total')
    const mean = generated?.positive('mean')
    const throughput: ImportedMetric[] =
      batch === undefined || tokens === undefined || mean === undefined
        ? []
        : [
            {
              definition: 'output_throughput.batch',
              statistic: 'total',
              value: (batch * tokens) / mean,
              field: 'batch_size x new tokens / report.generate.latency.mean',
            },
          ]
    return reading.done([
      {
        configuration: configurationOf({
          model: backend?.text('model'),
          engine: backend?.text('name'),
          engineArgs:
            backend?.scalars(['torch_dtype', 'quantization_scheme', 'torch_compile']) ?? {},
          hardware: hardwareOf(config?.object('environment')),
          tensorParallel: tensorParallelOf(backend),
          load: batch,
          inputTokens: shapes?.count('sequence_length'),
          outputTokens: tokens,
        }),
        workload: 'static-batch',
        metrics: [
          ...latency(report, 'prefill', 'batch_ttft'),
          ...latency(report, 'generate', 'e2e.batch'),
          ...(tokens === undefined || tokens < 2
            ? []
            : latency(report, 'decode', 'itl.batch', tokens - 1)),
          ...throughput,
        ],
        ...(seconds === undefined ? {} : { cost: { seconds, basis: 'repetitions' } }),
        environment: known({
          name: config?.text('name'),
          version: backend?.text('version'),
          iterations: scenario?.count('iterations'),
        }),
        origin: { path: reading.path, place: whole.place },
      },
    ])
  },
}
