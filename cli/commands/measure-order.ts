import { basename, resolve } from 'node:path'
import type { EndpointOrder } from '../../agent/measure-endpoint.js'
import type { ListedRequest, RequestShape } from '../../agent/run/load/load-job.js'
import { readCustom, readShareGpt, repeated } from '../../agent/run/workload/data-sets.js'
import { randomRequests } from '../../agent/run/workload/random-requests.js'
import { readFileOnce } from '../../agent/run/workload/read-file-once.js'
import { rampTimes, sendTimes } from '../../agent/run/workload/send-times.js'
import { readAzureTrace, readMooncakeTrace } from '../../agent/run/workload/traces.js'
import type { Pieces } from '../../agent/run/workload/workload-text.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { MetricName } from '../../shared/domain/metric.js'
import type { Workload } from '../../shared/domain/sweep.js'
import type { CliContext } from '../context.js'
import { readingProgress } from '../view/reading-progress.js'
import { extraBodyOf } from './measure-dropin.js'
import type { MeasureOptions } from './measure-options.js'

/** Seconds that a run of listed requests may take when nothing else is said. */
const listedSeconds = 24 * 3600
/** Seconds of a measurement to a precision when nothing else is said. */
const precisionSeconds = 60
/** What a measurement strives for when no precision is asked: the default of a sweep. */
const defaultPrecision = 0.05
/** Repetitions after which a static batch ends when asked for a precision. */
const mostRepetitions = 10_000
const defaultPrompts = 1000

const metrics: readonly MetricName[] = [
  'ttft',
  'tpot',
  'itl',
  'e2e',
  'output_throughput',
  'total_throughput',
  'request_throughput',
]

const refuse = (message: string, field: string, value: string, expected: string): FmworkError =>
  new FmworkError('USAGE', message, {
    problems: [{ field, ...(value === '' ? {} : { value }), expected }],
  })

type Context = Pick<CliContext, 'env' | 'workingDirectory' | 'stderr'>

/**
 * What `fmwork measure` is to do, from what it was told.
 *
 * @throws FmworkError USAGE for options that contradict each other, or a data set that cannot be read.
 */
export async function compileMeasure(
  given: MeasureOptions,
  context: Context,
): Promise<EndpointOrder> {
  const options = withLengths(given)
  const { staticBatch, precision, datasetName, maxConcurrency } = options
  const api = apiOf(options)
  const model = options.servedModelName ?? options.model
  const synthetic = datasetName !== 'sharegpt' && datasetName !== 'custom'
  const apiKey = context.env[options.apiKeyEnv]
  const extraBody = extraBodyOf(options)
  const asked = {
    mayStopEarly: !(options.ignoreEos ?? synthetic),
    ...(extraBody === undefined ? {} : { extraBody }),
  }
  const common = {
    baseUrl: rootOf(options) + prefixOf(options.endpoint),
    api,
    ...(model === undefined ? {} : { model }),
    ...(apiKey === undefined || apiKey === '' ? {} : { apiKey }),
    inputTokens: options.randomInputLen,
    outputTokens: options.randomOutputLen,
    seed: options.seed,
    ...(options.loadThreads === undefined ? {} : { threads: options.loadThreads }),
    plan: {
      warmups: options.numWarmups,
      repetitions: options.repetitions,
      precision: precision ?? defaultPrecision,
      max_seconds: options.maxSeconds ?? precisionSeconds,
      request_timeout: options.requestTimeout,
    },
  }
  if (staticBatch !== undefined) {
    refuseBesideBatch(options)
    requireFixedShape(options, '--static-batch')
    const repetitions = precision === undefined ? options.repetitions : mostRepetitions
    return {
      ...common,
      workload: { kind: 'static-batch' },
      load: staticBatch,
      metrics: ['batch_ttft', ...metrics],
      options: { ...asked, everyRepetition: precision === undefined },
      plan: {
        ...common.plan,
        repetitions,
        max_seconds:
          options.maxSeconds ?? (precision === undefined ? listedSeconds : precisionSeconds),
      },
    }
  }
  if (precision !== undefined) {
    requireFixedShape(options, '--precision')
    const { workload, load } = loopOf(options)
    return {
      ...common,
      workload,
      load,
      metrics,
      options: {
        ...asked,
        maximumRequests: options.numPrompts ?? Number.MAX_SAFE_INTEGER,
      },
    }
  }
  const requests = await listRequests(options, context)
  return {
    ...common,
    ...typicalShape(requests),
    workload: { kind: 'closed-loop' },
    load: Math.min(maxConcurrency ?? requests.length, requests.length),
    metrics,
    options: {
      ...asked,
      listed: {
        requests,
        ...(maxConcurrency === undefined ? {} : { concurrency: maxConcurrency }),
        maximumSeconds: options.maxSeconds ?? listedSeconds,
      },
    },
  }
}

/** One length for all data sets stands for that of each. */
function withLengths(given: MeasureOptions): MeasureOptions {
  const { inputLen, outputLen } = given
  return {
    ...given,
    ...(inputLen === undefined ? {} : { randomInputLen: inputLen }),
    ...(outputLen === undefined
      ? {}
      : { randomOutputLen: outputLen, sharegptOutputLen: outputLen, customOutputLen: outputLen }),
  }
}

function rootOf({ baseUrl, host, port }: MeasureOptions): string {
  const root = baseUrl ?? `http://${host}:${port}`
  if (/^https?:$/.test(URL.canParse(root) ? new URL(root).protocol : '')) return root
  throw refuse(
    'there is no server at such an address',
    baseUrl === undefined ? '--host and --port' : '--base-url',
    root,
    'expected an address such as http://127.0.0.1:8000',
  )
}

/** A batch is sent at once, as often as --repetitions says: no other flag of the load has a meaning. */
function refuseBesideBatch(options: MeasureOptions): void {
  const { requestRate, rampUpStrategy, maxConcurrency, numPrompts } = options
  const others = [
    ['--request-rate', requestRate === Infinity ? undefined : requestRate],
    ['--ramp-up-strategy', rampUpStrategy],
    ['--max-concurrency', maxConcurrency],
    ['--num-prompts', numPrompts],
  ] as const
  for (const [flag, value] of others) {
    if (value === undefined) continue
    throw refuse(
      'a static batch is sent at once',
      flag,
      String(value),
      'expected --repetitions only',
    )
  }
}

function apiOf({ endpoint, backend }: MeasureOptions): 'completions' | 'chat' {
  if (backend === 'openai-chat') return 'chat'
  if (endpoint.endsWith('/v1/chat/completions')) return 'chat'
  if (endpoint.endsWith('/v1/completions')) return 'completions'
  throw refuse(
    `no such endpoint: ${endpoint}`,
    '--endpoint',
    endpoint,
    'expected a path that ends in /v1/completions or /v1/chat/completions',
  )
}

/** What stands before /v1 in an endpoint’s path. */
const prefixOf = (endpoint: string) => endpoint.replace(/\/v1\/.*$/, '')

/** Repeating one configuration needs one shape. */
function requireFixedShape(options: MeasureOptions, flag: string): void {
  if (options.datasetName !== 'random') {
    throw refuse(
      `${flag} measures one configuration`,
      '--dataset-name',
      options.datasetName,
      'expected random; send a data set with --num-prompts instead',
    )
  }
  if (options.randomRangeRatio > 0) {
    throw refuse(
      `${flag} measures one configuration`,
      '--random-range-ratio',
      String(options.randomRangeRatio),
      'expected 0',
    )
  }
}

function loopOf(options: MeasureOptions): { workload: Workload; load: number } {
  const { requestRate, burstiness, maxConcurrency, rampUpStrategy } = options
  if (rampUpStrategy !== undefined) {
    throw refuse(
      'a rate that changes has no steady state',
      '--ramp-up-strategy',
      rampUpStrategy,
      'expected none with --precision',
    )
  }
  if (requestRate === Infinity) {
    if (maxConcurrency !== undefined) {
      return { workload: { kind: 'closed-loop' }, load: maxConcurrency }
    }
    throw refuse(
      '--precision needs a load that can be held',
      '--request-rate',
      'inf',
      'expected --max-concurrency, --request-rate or --static-batch',
    )
  }
  if (maxConcurrency !== undefined) {
    throw refuse(
      'an open loop to a precision has no limit of requests in flight',
      '--max-concurrency',
      String(maxConcurrency),
      'expected it without --request-rate',
    )
  }
  const arrivals = burstiness === Infinity ? 'constant' : burstiness === 1 ? 'poisson' : 'gamma'
  const shape = arrivals === 'gamma' ? burstiness : 1
  return { workload: { kind: 'open-loop', arrivals, burstiness: shape }, load: requestRate }
}

async function listRequests(
  options: MeasureOptions,
  context: Context,
): Promise<readonly ListedRequest[]> {
  const { datasetName, numPrompts, seed } = options
  const count = numPrompts ?? defaultPrompts
  switch (datasetName) {
    case 'random':
      return timed(
        randomRequests({
          count,
          inputTokens: options.randomInputLen,
          outputTokens: options.randomOutputLen,
          rangeRatio: options.randomRangeRatio,
          seed,
        }),
        options,
      )
    case 'sharegpt':
      return prompts(readShareGpt, options.sharegptOutputLen)
    case 'custom':
      return prompts(readCustom, options.customOutputLen)
    case 'azure':
    case 'mooncake': {
      const read = datasetName === 'azure' ? readAzureTrace : readMooncakeTrace
      const most = numPrompts === undefined ? {} : { count: numPrompts }
      const requests = await ofDataSet(options, context, (pieces) =>
        read(pieces, { ...most, speed: options.traceSpeed }),
      )
      if (requests.length > 0) return requests
      throw refuse(
        'the trace is empty',
        '--dataset-path',
        options.datasetPath ?? '',
        'expected requests',
      )
    }
  }
  async function prompts(read: typeof readCustom, outputTokens: number | undefined) {
    const given = { count, seed, ...(outputTokens === undefined ? {} : { outputTokens }) }
    const shapes = await ofDataSet(options, context, (pieces) => read(pieces, given))
    return timed(repeated(shapes, count), options)
  }
}

async function ofDataSet<T>(
  { datasetPath, datasetName }: MeasureOptions,
  { workingDirectory, stderr }: Context,
  read: (pieces: Pieces) => Promise<T>,
): Promise<T> {
  if (datasetPath === undefined) {
    throw refuse(`${datasetName} is a file`, '--dataset-path', '', 'expected the file')
  }
  const path = resolve(workingDirectory, datasetPath)
  const progress = readingProgress(stderr, basename(path))
  const { result } = await readFileOnce(path, read, progress).catch((cause: unknown) => {
    throw new FmworkError('USAGE', `cannot read ${datasetPath}`, {
      problems: [
        { field: '--dataset-path', value: datasetPath, expected: 'expected a readable file' },
      ],
      cause,
    })
  })
  return result()
}

/** Spreads requests over time as the rate options say; with none, each leaves as a slot is free. */
function timed(shapes: readonly RequestShape[], options: MeasureOptions): readonly ListedRequest[] {
  const { rampUpStrategy, rampUpStartRps, rampUpEndRps, requestRate, burstiness, seed } = options
  let times: number[]
  if (rampUpStrategy !== undefined) {
    if (rampUpStartRps === undefined || rampUpEndRps === undefined) {
      throw refuse(
        'a ramp has two ends',
        '--ramp-up-strategy',
        rampUpStrategy,
        'expected --ramp-up-start-rps and --ramp-up-end-rps',
      )
    }
    if (requestRate !== Infinity) {
      throw refuse(
        'a ramp says the rate itself',
        '--request-rate',
        String(requestRate),
        'expected --ramp-up-start-rps and --ramp-up-end-rps only',
      )
    }
    const ramp = { kind: rampUpStrategy, from: rampUpStartRps, to: rampUpEndRps, burstiness }
    times = rampTimes(shapes.length, ramp, seed)
  } else if (requestRate === Infinity) return shapes
  else times = sendTimes(shapes.length, { rate: requestRate, burstiness }, seed)
  return shapes.map((shape, at) => ({ ...shape, at: times[at] as number }))
}

/** The mean shape: what a warm-up is made like, and what text prompts are calibrated at. */
function typicalShape(requests: readonly RequestShape[]) {
  const meanOf = (value: (shape: RequestShape) => number) =>
    Math.max(1, Math.round(requests.reduce((sum, each) => sum + value(each), 0) / requests.length))
  return {
    inputTokens: meanOf(({ inputTokens }) => inputTokens),
    outputTokens: meanOf(({ outputTokens }) => outputTokens),
  }
}
