import type { RequestRecords } from '../../../../../coordinator/analysis/formats/exported-runs.js'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import type { Report } from '../../../../../coordinator/analysis/report/report.js'
import { requestRecords } from '../../../../../cli/request-records.js'
import type { Configuration } from '../../../../../shared/domain/configuration.js'
import type { Doubt } from '../../../../../shared/domain/measurement.js'
import type { Sample } from '../../../../../shared/domain/sample.js'
import type { SweepReader } from '../../../../../shared/domain/sweep-reader.js'
import type { TrialRecord } from '../../../../../shared/domain/sweep-desk.js'
import { sampleExport } from '../report/sample-export.js'

export type Kind = 'static-batch' | 'closed-loop' | 'open-loop'

const axis = {
  'static-batch': 'batch_size: [2, 8]',
  'closed-loop': 'concurrency: [2, 8]',
  'open-loop': 'request_rate: [2, 8]',
}

const sweepText = (kind: Kind): string => `name: sample
model: org/model
engines: [{kind: simulated}]
workload: {kind: ${kind}}
space: {${axis[kind]}, input_tokens: [64], output_tokens: [16, 64]}
metrics: [ttft, ${kind === 'static-batch' ? 'batch_ttft, ' : ''}e2e, output_throughput, total_throughput, request_throughput, power]
`

export const repetitions = 3
export const outputTokensOf = (index: number): number => [16, 64][index % 2] ?? 16
export const loadOf = (index: number): number => (index < 2 ? 2 : 8)

const configurationOf = (index: number): Configuration => ({
  model: 'org/model',
  engine: 'simulated',
  engineArgs: { dtype: 'bf16' },
  hardware: 'H100',
  tensorParallel: 2,
  load: loadOf(index),
  inputTokens: 64,
  outputTokens: outputTokensOf(index),
})

/** First token after 0.1 s and a little more per request, then one each 10 ms; a last byte 1 ms later. */
function samplesOf({ load, inputTokens, outputTokens }: Configuration): Sample[] {
  return Array.from({ length: repetitions * load }, (_, number): Sample => {
    const repetition = Math.floor(number / load)
    const request = number % load
    const sentAt = 10 * repetition
    const first = sentAt + 0.1 + 0.001 * request + 0.0001 * repetition
    const chunkAt = Array.from({ length: outputTokens }, (_, token) => first + 0.01 * token)
    return {
      repetition,
      request,
      warmUp: false,
      scheduledAt: sentAt,
      sentAt,
      chunkAt,
      chunkTokens: chunkAt.map(() => 1),
      endedAt: (chunkAt.at(-1) ?? first) + 0.001,
      inputTokensAsked: inputTokens,
      outputTokensAsked: outputTokens,
      inputTokens,
      outputTokens,
      cachedTokens: 0,
      outcome: 'ok',
    }
  })
}

const figures = { ttft: 0.1, batch_ttft: 0.11, e2e: 0.5, output_throughput: 320, power: 400 }

export function trialOf(index: number, doubts: readonly Doubt[] = []): TrialRecord {
  const configuration = configurationOf(index)
  return {
    trialId: `t-${index}`,
    configuration,
    purpose: 'explore',
    state: 'SUCCEEDED',
    reason: '',
    attempt: 1,
    agent: 'agent-1',
    endedAt: 1_700_000_000_000 + index,
    measurement: {
      metrics: Object.entries(figures).map(([metric, value]) => ({
        metric: metric as keyof typeof figures,
        value,
        low: 0.9 * value,
        high: 1.1 * value,
        confidence: 0.9,
        relativeSd: 0.02,
        count: 3,
        percentiles: {},
      })),
      doubts,
      timing: { setUp: 1, warmUp: 1, measured: 25, gaps: 0 },
      deviceSeconds: 54,
      repetitions,
      requests: repetitions * configuration.load,
      startedAt: 1_700_000_000_000,
    },
  }
}

/** Four configurations of a workload, each measured once. */
export const measuredReport = (
  kind: Kind,
  trials: readonly TrialRecord[] = [0, 1, 2, 3].map((index) => trialOf(index)),
): Report =>
  collectReport([
    ...sampleExport.filter(({ kind: part }) => part === 'status'),
    { kind: 'text', text: sweepText(kind) },
    {
      kind: 'environment',
      json: JSON.stringify([{ agent: 'a', engines: [{ kind: 'simulated', version: '7.1' }] }]),
    },
    ...trials.map((trial) => ({ kind: 'trial', trial }) as const),
  ])

/** What their raw records say, read as the command does. */
export function recordsOf(report: Report): Promise<RequestRecords> {
  const reader = {
    trial: (trialId: string) => {
      const trial = report.trials.find((each) => each.trialId === trialId)
      return Promise.resolve(
        trial === undefined ? undefined : { samples: samplesOf(trial.configuration) },
      )
    },
  }
  return requestRecords(report, reader as unknown as SweepReader)
}
