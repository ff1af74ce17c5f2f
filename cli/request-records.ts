import { summarize } from '../agent/run/metrics/definition-summary.js'
import { outputTokensOf, requestTimes } from '../agent/run/metrics/request-times.js'
import { secondsOf, vllmMetrics, vllmResult } from '../agent/run/results/vllm-result.js'
import type { VllmMetric } from '../agent/run/results/vllm-result.js'
import type {
  RequestRecords,
  TrialRequests,
} from '../coordinator/analysis/formats/exported-runs.js'
import type { Report } from '../coordinator/analysis/report/report.js'
import type { Sample } from '../shared/domain/sample.js'
import type { SweepReader } from '../shared/domain/sweep-reader.js'
import type { TrialRecord } from '../shared/domain/sweep-desk.js'

/** Percentiles of every format that is written. */
const percentiles = [0.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9]

/** More requests than any trial makes. */
export const mostSamples = 1e9

/** Seconds of each repetition to its last token, and to the first token of every sequence. */
function repetitionsOf(samples: readonly Sample[]): TrialRequests['repetitions'] {
  const groups = new Map<number, Sample[]>()
  for (const sample of samples) {
    const group = groups.get(sample.repetition)
    if (group === undefined) groups.set(sample.repetition, [sample])
    else group.push(sample)
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .flatMap(([, group]) => {
      const times = group.map((sample) => ({ sample, times: requestTimes(sample) }))
      if (times.some((each) => each.times === undefined)) return []
      const sent = Math.min(...group.map(({ sentAt }) => sentAt))
      const last = (read: (each: { ttft: number; e2e: number }) => number) =>
        Math.max(
          ...times.map((each) =>
            each.times === undefined ? 0 : each.sample.sentAt + read(each.times) - sent,
          ),
        )
      return [{ seconds: last(({ e2e }) => e2e), firstTokens: last(({ ttft }) => ttft) }]
    })
}

function vllmOf(
  report: Report,
  { configuration, measurement }: TrialRecord,
  samples: readonly Sample[],
): Readonly<Record<string, unknown>> {
  const { workload } = report.sweep
  const { engineArgs, load } = configuration
  const open = workload.kind === 'open-loop'
  const lengths = {
    random_input_len: configuration.inputTokens,
    random_output_len: configuration.outputTokens,
  }
  const result = vllmResult(samples, {
    date: new Date(measurement?.startedAt ?? 0),
    backend: 'openai',
    label: null,
    model: configuration.model,
    tokenizer: configuration.model,
    promptCount: samples.length,
    metadata: {
      engine: configuration.engine,
      hardware: configuration.hardware,
      tensor_parallel_size: String(configuration.tensorParallel),
      ...Object.fromEntries(
        Object.entries(engineArgs).map(([name, value]) => [name, String(value)]),
      ),
    },
    requestRate: open ? load : Infinity,
    burstiness: open && workload.arrivals === 'gamma' ? workload.burstiness : 1,
    maxConcurrency: open ? null : load,
    goodput: {},
    metrics: Object.keys(vllmMetrics) as VllmMetric[],
    percentiles: [90, 95, 99],
    detailed: false,
  })
  return { ...result, ...lengths }
}

function recordsOf(report: Report, trial: TrialRecord, all: readonly Sample[]): TrialRequests {
  const samples = all.filter(({ warmUp }) => !warmUp)
  const good = samples.filter((sample) => requestTimes(sample) !== undefined)
  const sum = (read: (sample: Sample) => number) =>
    good.reduce((total, sample) => total + read(sample), 0)
  return {
    seconds: secondsOf(samples),
    completed: good.length,
    failed: samples.length - good.length,
    inputTokens: sum(({ inputTokens, inputTokensAsked }) => inputTokens ?? inputTokensAsked),
    outputTokens: sum(outputTokensOf),
    summaries: Object.fromEntries(
      summarize(samples, percentiles).map(({ name, ...summary }) => [name, summary]),
    ),
    repetitions: repetitionsOf(samples),
    vllm: vllmOf(report, trial, samples),
  }
}

/** What the raw records of a report’s measurements say, one trial’s in memory at a time. */
export async function requestRecords(report: Report, reader: SweepReader): Promise<RequestRecords> {
  const records = new Map<string, TrialRequests>()
  for (const trial of report.trials) {
    if (trial.state !== 'SUCCEEDED') continue
    const dossier = await reader.trial(trial.trialId, mostSamples)
    if (dossier === undefined || dossier.samples.length === 0) continue
    records.set(trial.trialId, recordsOf(report, trial, dossier.samples))
  }
  return records
}
