import { accessSync, appendFileSync, constants, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { measureEndpoint } from '../../agent/measure-endpoint.js'
import type { EndpointMeasurement, EndpointOrder } from '../../agent/measure-endpoint.js'
import { summarize } from '../../agent/run/metrics/definition-summary.js'
import { goodputOf } from '../../agent/run/metrics/goodput.js'
import { rawLines } from '../../agent/run/results/raw-lines.js'
import { secondsOf, vllmDate, vllmResult } from '../../agent/run/results/vllm-result.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { isInvalid } from '../../shared/domain/measurement.js'
import type { Measurement } from '../../shared/domain/measurement.js'
import { createLog } from '../../shared/process/log.js'
import { keepSecret } from '../../shared/process/secrets.js'
import { makeFolder } from '../../shared/process/make-folder.js'
import type { CliContext } from '../context.js'
import { interruptedExit } from '../outcome.js'
import { createOutput } from '../output.js'
import type { Output } from '../output.js'
import { choosePaint } from '../view/colour.js'
import { renderMeasurement } from '../view/measurement.js'
import { onFolder } from '../write-files.js'
import { percentileDoubts, precisionDoubts } from './measure-doubts.js'
import type { MeasureOptions } from './measure-options.js'
import { compileMeasure } from './measure-order.js'

const activityWords = {
  waiting_for_quiet: 'another agent measures on this host; waiting',
  warming_up: 'warming up',
  measuring: 'measuring',
} as const satisfies Record<string, string>

const saying = (activity: string): string | undefined =>
  Object.entries(activityWords).find(([name]) => name === activity)?.[1]

/** `fmwork measure`: one measurement of one endpoint. @returns the exit code */
export async function measureCommand(
  context: CliContext,
  options: MeasureOptions,
  version: string,
): Promise<number> {
  const output = createOutput(context, options.json)
  keepSecret(context.env[options.apiKeyEnv] ?? '')
  const order = await compileMeasure(options, context)
  makeRoom(context, options)
  const stop = new AbortController()
  const release = context.onInterrupt(() => stop.abort(new Error('interrupted')))
  let told: EndpointMeasurement
  try {
    told = await measureEndpoint(
      order,
      {
        clock: context.clock,
        log: createLog({ name: 'measure', level: 'silent' }),
        agentVersion: version,
        onActivity: (activity) => {
          const words = saying(activity)
          if (words !== undefined && context.stderr.isTTY === true) {
            context.stderr.write(`${words} …\n`)
          }
        },
      },
      stop.signal,
    )
  } catch (error) {
    if (stop.signal.aborted) return interruptedExit
    throw error
  } finally {
    release()
  }
  if (options.raw !== undefined) keepRaw(resolve(context.workingDirectory, options.raw), told)
  const { outcome } = told
  if (stop.signal.aborted) return interruptedExit
  switch (outcome.kind) {
    case 'infeasible':
      throw new FmworkError('CONFIGURATION_INFEASIBLE', outcome.reason)
    case 'failed':
      throw new FmworkError(failureCode(outcome.code), outcome.reason)
    case 'measured':
      return tell(context, output, options, order, told, outcome.measurement)
  }
}

/** Nothing is measured whose result could not be kept. @throws FmworkError DATA_FOLDER_UNWRITABLE */
function makeRoom({ workingDirectory }: CliContext, options: MeasureOptions): void {
  const folders = [
    ...(options.raw === undefined ? [] : [['--raw', dirname(options.raw)] as const]),
    ...(keepsResult(options) ? [['--result-dir', options.resultDir ?? '.'] as const] : []),
  ]
  for (const [option, folder] of folders) {
    const path = resolve(workingDirectory, folder)
    onFolder(path, option, () => {
      makeFolder(path)
      accessSync(path, constants.W_OK)
    })
  }
}

const keepsResult = ({ saveResult, saveDetailed, appendResult }: MeasureOptions) =>
  saveResult || saveDetailed || appendResult

/** The rows of the error table that a trial can end with. */
const failureCodes = ['ENGINE_UNREACHABLE', 'ENGINE_FAILED', 'REQUEST_FAILED', 'INTERNAL'] as const
const failureCode = (code: string) => failureCodes.find((each) => each === code) ?? 'REQUEST_FAILED'

function tell(
  context: CliContext,
  output: Output,
  options: MeasureOptions,
  order: EndpointOrder,
  told: EndpointMeasurement,
  measured: Measurement,
): number {
  const samples = told.samples.filter((sample) => !sample.warmUp)
  const definitions = summarize(samples, options.metricPercentiles)
  const doubts = [
    ...measured.doubts,
    ...percentileDoubts(definitions, options.percentileMetrics),
    ...precisionDoubts(measured.metrics, options.precision),
  ]
  const measurement: Measurement = { ...measured, doubts }
  const seconds = secondsOf(samples)
  const goodput =
    options.goodput === undefined ? undefined : goodputOf(samples, options.goodput, seconds)
  const vllm = vllmResult(samples, {
    date: new Date(context.clock.wall()),
    backend: options.backend ?? (order.api === 'chat' ? 'openai-chat' : 'openai'),
    label: options.label ?? null,
    model: told.model,
    tokenizer: options.tokenizer ?? told.model,
    promptCount: samples.length,
    metadata: Object.fromEntries(options.metadata),
    requestRate: options.requestRate,
    burstiness: options.burstiness,
    maxConcurrency: options.maxConcurrency ?? options.staticBatch ?? null,
    ...(options.rampUpStrategy === undefined
      ? {}
      : {
          rampUp: {
            strategy: options.rampUpStrategy,
            startRps: options.rampUpStartRps,
            endRps: options.rampUpEndRps,
          },
        }),
    goodput: options.goodput ?? {},
    metrics: options.percentileMetrics,
    percentiles: options.metricPercentiles,
    detailed: options.saveDetailed,
  })
  const file = keepResult(context, options, vllm)
  output.result(
    {
      model: told.model,
      endpoint: order.baseUrl,
      api: order.api,
      engine: told.engine,
      environment: told.environment,
      client: told.client,
      load: {
        workload: order.options.listed === undefined ? order.workload : { kind: 'listed' },
        value: order.load,
      },
      input_tokens: order.inputTokens,
      output_tokens: order.outputTokens,
      seed: order.seed,
      measurement,
      definitions,
      goodput: goodput ?? null,
      vllm,
    },
    renderMeasurement(
      { told, order, measurement, definitions, goodput, samples, options },
      choosePaint(context),
    ).join('\n'),
  )
  if (file !== undefined) output.note(`Result: ${file}`)
  if (!isInvalid(measurement)) return 0
  throw new FmworkError(
    'HOST_TOO_BUSY',
    'the measurement cannot be defended: its invalid doubts say why',
    { hint: 'Mend what the doubts name, then measure again.' },
  )
}

function keepRaw(path: string, { samples, model, engine }: EndpointMeasurement): void {
  makeFolder(dirname(path))
  writeFileSync(path, '')
  let lines: string[] = []
  const flush = () => {
    appendFileSync(path, lines.map((line) => `${line}\n`).join(''))
    lines = []
  }
  for (const line of rawLines(samples, { model, engine: engine.kind, version: engine.version })) {
    lines.push(line)
    if (lines.length >= 1000) flush()
  }
  flush()
}

/** Writes the result file that vllm bench would; its path, or undefined where none was asked. */
function keepResult(
  context: CliContext,
  options: MeasureOptions,
  result: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!keepsResult(options)) return undefined
  const { label, requestRate, maxConcurrency, resultDir = '.', resultFilename } = options
  const { rampUpStrategy: ramp, rampUpStartRps, rampUpEndRps } = options
  const rate =
    ramp === undefined
      ? `${requestRate === Infinity ? 'inf' : requestRate}qps`
      : `ramp-up-${ramp}-${rampUpStartRps}qps-${rampUpEndRps}qps`
  const limit = maxConcurrency === undefined ? '' : `-concurrency${maxConcurrency}`
  const model = String(result.model_id).split('/').at(-1) ?? 'model'
  const date = vllmDate(new Date(context.clock.wall()))
  const name =
    resultFilename ?? `${label ?? String(result.backend)}-${rate}${limit}-${model}-${date}.json`
  const path = join(resolve(context.workingDirectory, resultDir), name)
  makeFolder(dirname(path))
  const text = JSON.stringify(result)
  if (options.appendResult) appendFileSync(path, `${text}\n`)
  else writeFileSync(path, text)
  return path
}
