import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import type { GoodputLimits } from '../../agent/run/metrics/goodput.js'
import type { VllmMetric } from '../../agent/run/results/vllm-result.js'
import { vllmMetrics } from '../../agent/run/results/vllm-result.js'
import { share, wholeNumber } from '../options.js'
import { withDropIns } from './measure-dropin.js'
import type { DropInOptions } from './measure-dropin.js'

/** What `fmwork measure` was told; names and meanings are those of `vllm bench serve`. */
export interface MeasureOptions extends DropInOptions {
  readonly baseUrl?: string
  readonly host: string
  readonly port: number
  readonly endpoint: string
  readonly model?: string
  readonly tokenizer?: string
  readonly backend?: string
  readonly apiKeyEnv: string
  readonly datasetName: DataSetName
  readonly datasetPath?: string
  readonly numPrompts?: number
  readonly randomInputLen: number
  readonly randomOutputLen: number
  readonly randomRangeRatio: number
  readonly sharegptOutputLen?: number
  readonly customOutputLen?: number
  readonly traceSpeed: number
  readonly maxConcurrency?: number
  readonly requestRate: number
  readonly burstiness: number
  readonly rampUpStrategy?: 'linear' | 'exponential'
  readonly rampUpStartRps?: number
  readonly rampUpEndRps?: number
  readonly staticBatch?: number
  readonly repetitions: number
  readonly precision?: number
  readonly maxSeconds?: number
  readonly requestTimeout: number
  readonly numWarmups: number
  readonly ignoreEos?: boolean
  readonly seed: number
  readonly loadThreads?: number
  readonly goodput?: GoodputLimits
  readonly percentileMetrics: readonly VllmMetric[]
  readonly metricPercentiles: readonly number[]
  readonly saveResult: boolean
  readonly saveDetailed: boolean
  readonly appendResult: boolean
  readonly resultDir?: string
  readonly resultFilename?: string
  readonly label?: string
  readonly metadata: readonly (readonly [string, string])[]
  readonly raw?: string
  readonly json: boolean
}

export const dataSetNames = ['random', 'sharegpt', 'custom', 'azure', 'mooncake'] as const
export type DataSetName = (typeof dataSetNames)[number]

function above(minimum: number, what: string): (text: string) => number {
  return (text) => {
    const value = text === 'inf' ? Infinity : Number(text)
    const allowed = Number.isFinite(value) || what.endsWith('inf')
    if (!(value > minimum && allowed)) throw new InvalidArgumentError(`expected ${what}`)
    return value
  }
}

function rangeRatio(text: string): number {
  const value = Number(text)
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError('expected a number from 0 below 1')
  return value
}

/** `ttft:500 tpot:15`, in milliseconds, in one argument or several. */
export function goodputLimit(text: string, before: GoodputLimits = {}): GoodputLimits {
  const limits: Record<string, number> = { ...before }
  for (const pair of text.trim().split(/\s+/)) {
    const match = /^(ttft|tpot|e2el):(\d+(?:\.\d+)?)$/.exec(pair)
    const [, name, milliseconds] = match ?? []
    if (name === undefined || Number(milliseconds) <= 0) {
      throw new InvalidArgumentError(
        `expected ttft, tpot or e2el with milliseconds, such as ttft:500, not ${pair}`,
      )
    }
    limits[name] = Number(milliseconds) / 1000
  }
  return limits
}

function metricList(text: string): VllmMetric[] {
  return text.split(',').map((name) => {
    const found = (Object.keys(vllmMetrics) as VllmMetric[]).find((each) => each === name.trim())
    if (found === undefined) {
      throw new InvalidArgumentError(`expected some of ${Object.keys(vllmMetrics).join(',')}`)
    }
    return found
  })
}

function percentileList(text: string): number[] {
  const values = text.split(',').map(Number)
  if (values.some((value) => !(value > 0 && value < 100))) {
    throw new InvalidArgumentError('expected percentiles between 0 and 100, such as 50,99')
  }
  return values
}

function metadataPair(text: string, before: (readonly [string, string])[]) {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('expected KEY=VALUE')
  return [...before, [text.slice(0, at), text.slice(at + 1)] as const]
}

/** Every option of `fmwork measure`. */
export function withMeasure(command: Command): Command {
  const rate = above(0, 'requests per second above 0, or inf')
  const shape = above(0, 'a number above 0, or inf')
  const positive = above(0, 'a number above 0')
  const offered = command
    .option('--base-url <url>', 'root of the server; http://HOST:PORT when absent')
    .option('--host <host>', 'host of the server', '127.0.0.1')
    .option('--port <port>', 'port of the server', wholeNumber(1), 8000)
    .option('--endpoint <path>', '/v1/completions or /v1/chat/completions', '/v1/completions')
    .addOption(
      new Option('--backend <name>', 'openai-chat chooses the chat endpoint').choices([
        'vllm',
        'openai',
        'openai-chat',
      ]),
    )
    .option('--model <name>', 'model to ask for; the first one served when absent')
    .option('--tokenizer <name>', 'kept in the result; tokens are counted by the server')
    .option('--api-key-env <name>', 'environment variable that holds the key', 'OPENAI_API_KEY')
    .addOption(
      new Option('--dataset-name <name>', 'where requests come from')
        .choices(dataSetNames)
        .default('random'),
    )
    .option('--dataset-path <file>', 'the data set or trace')
    .option(
      '--num-prompts <count>',
      'requests to send (default: 1000; of a trace all)',
      wholeNumber(1),
    )
    .option('--random-input-len <tokens>', 'prompt length', wholeNumber(1), 1024)
    .option('--random-output-len <tokens>', 'output length', wholeNumber(1), 128)
    .option('--random-range-ratio <r>', 'lengths uniform on [L(1-r), L(1+r)]', rangeRatio, 0)
    .option(
      '--sharegpt-output-len <tokens>',
      'output length instead of the answers’',
      wholeNumber(1),
    )
    .option(
      '--custom-output-len <tokens>',
      'output length instead of output_tokens',
      wholeNumber(1),
    )
    .option('--trace-speed <factor>', 'replay a trace this many times faster', positive, 1)
    .option('--max-concurrency <count>', 'requests in flight at most', wholeNumber(1))
    .option('--request-rate <rps>', 'requests per second', rate, Infinity)
    .option('--burstiness <shape>', 'shape of gamma gaps: 1 Poisson, inf even', shape, 1)
    .addOption(
      new Option('--ramp-up-strategy <kind>', 'let the rate change over the requests').choices([
        'linear',
        'exponential',
      ]),
    )
    .option('--ramp-up-start-rps <rps>', 'rate of the first request', positive)
    .option('--ramp-up-end-rps <rps>', 'rate of the last request', positive)
    .option('--static-batch <size>', 'send this many at once, repeatedly (FMwork)', wholeNumber(1))
    .option('--repetitions <count>', 'repetitions of a static batch', wholeNumber(1), 3)
    .option('--precision <share>', 'go on until every interval is this narrow, such as 0.02', share)
    .option('--max-seconds <seconds>', 'end in any case (default: 60 with --precision)', positive)
    .option('--request-timeout <seconds>', 'for one whole answer', positive, 600)
    .option('--num-warmups <count>', 'warm-up rounds before measuring', wholeNumber(0), 1)
    .option('--ignore-eos', 'exact output lengths (default for random and traces)')
    .option('--no-ignore-eos', 'let the model end its answers')
    .option(
      '--load-threads <count>',
      'threads at most (default: a quarter of the CPUs)',
      wholeNumber(1),
    )
    .option('--seed <number>', 'of prompts, lengths and arrivals', wholeNumber(0), 0)
    .option('--goodput <limits...>', 'such as ttft:500 tpot:15 e2el:2000, in ms', goodputLimit)
    .option('--percentile-metrics <list>', 'of ttft, tpot, itl, e2el', metricList, [
      'ttft',
      'tpot',
      'itl',
    ] as VllmMetric[])
    .option('--metric-percentiles <list>', 'percentiles to give', percentileList, [99])
    .option('--save-result', 'write the JSON file that vllm bench writes', false)
    .option('--save-detailed', 'with arrays per request', false)
    .option('--append-result', 'append it to the file as one line', false)
    .option('--result-dir <dir>', 'folder of that file')
    .option('--result-filename <name>', 'its name')
    .option('--label <text>', 'kept in the result and its name')
    .option('--metadata <key=value...>', 'kept in the result', metadataPair, [])
    .option('--raw <file>', 'write every chunk’s time, CLOCK_MONOTONIC nanoseconds (JSON lines)')
    .option('--json', 'an object on standard output: definitions, intervals, doubts', false)
  return withDropIns(offered)
}
