import { createHash } from 'node:crypto'
import type { EngineFacts, Environment } from '../../shared/domain/environment.js'
import type { TelemetryReading } from '../../shared/domain/sample.js'
import type { ReportShelf } from '../dispatch/store-port.js'
import type { Ids } from './ids.js'
import { fromJson, toJson } from './json.js'
import { readingOf, sampleOf } from './report-rows.js'
import { number, optionalText, text } from './row.js'
import { runParameters, SampleRun } from './sample-run.js'
import type { Parameters, Row, Statements } from './statements.js'

/** Batches of an agent that may still come again or late. */
const receiptsKept = 64

/** JSON with sorted keys: equal facts give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

export function createReportShelf(statements: Statements, ids: Ids): ReportShelf {
  const trialRow = (trialId: string) => ids.parse('t', trialId) ?? 0
  const acknowledgedSequence = (agent: string): number => {
    const row = statements.first('read-acknowledged', { agent })
    return row === undefined ? 0 : number(row, 'sequence')
  }
  return {
    acknowledgedSequence,
    saveAgent(facts, at) {
      const environment = canonical(facts.environment)
      const fingerprint = createHash('sha256').update(environment).digest('hex')
      return statements.atomically(() => {
        statements.run('save-environment', { fingerprint, facts: environment })
        statements.run('save-agent', {
          name: facts.agent,
          hardware: facts.hardware,
          device_count: facts.deviceCount,
          engines: toJson(facts.engines),
          environment: fingerprint,
          at,
        })
        return acknowledgedSequence(facts.agent)
      })
    },
    listAgents: () =>
      statements.all('list-agents').map((row) => ({
        agent: text(row, 'name'),
        hardware: text(row, 'hardware'),
        deviceCount: number(row, 'device_count'),
        engines: fromJson(text(row, 'engines')) as string[],
        environment: fromJson(text(row, 'environment_facts')) as Environment,
        lastSeenAt: number(row, 'last_seen_at'),
      })),
    receiptOf(agent, sequence) {
      const row = statements.first('find-receipt', { agent, sequence })
      if (row !== undefined) return fromJson(text(row, 'refused')) as string[]
      return sequence <= acknowledgedSequence(agent) - receiptsKept ? [] : undefined
    },
    saveReceipt(agent, sequence, refusedTrials) {
      statements.atomically(() => {
        statements.run('insert-receipt', { agent, sequence, refused: toJson(refusedTrials) })
        statements.run('advance-acknowledged', { agent, sequence })
        statements.run('forget-receipts', { agent, kept: receiptsKept })
      })
    },
    addSamples(trialId, token, samples) {
      if (samples.length === 0) return
      const run = { trial: trialRow(trialId), lease: token, ...runParameters(samples) }
      statements.run('insert-sample-run', run)
    },
    samplesOf(trialId) {
      const trial = { trial: trialRow(trialId) }
      const runs = statements.all('list-sample-runs', trial).map((row) => new SampleRun(row))
      return [
        ...statements.all('list-samples', trial).map(sampleOf),
        ...runs.flatMap((run) => run.all()),
      ]
    },
    addTelemetry(agent, trialId, readings) {
      const trial = trialId === undefined ? null : trialRow(trialId)
      statements.insertAll(
        'insert-telemetry',
        readings.map((reading) => readingParameters(agent, trial, reading)),
      )
    },
    telemetryOf: (trialId) =>
      statements.all('list-telemetry', { trial: trialRow(trialId) }).map(readingOf),
    addEngineStart({ lease, facts, startUpSeconds, deviceSeconds, at }) {
      if (ids.parse('l', lease.leaseId) !== lease.token) return false
      return statements.atomically(() => {
        const start = { lease: lease.token, device_seconds: deviceSeconds }
        const changed = statements.run('insert-engine-start', {
          ...start,
          at,
          facts: toJson(facts),
          start_up_seconds: startUpSeconds,
        })
        if (changed === 0) return false
        statements.run('lighten-loss', start)
        return true
      })
    },
    environmentsOf(sweepId) {
      const rows = statements.all('list-environments', { sweep: ids.parse('s', sweepId) ?? 0 })
      const groups = new Map<string, Row[]>()
      for (const row of rows) {
        const key = `${text(row, 'agent')}\n${text(row, 'environment')}`
        groups.set(key, [...(groups.get(key) ?? []), row])
      }
      return [...groups.values()].map((group) => {
        const first = group[0] as Row
        return {
          agent: text(first, 'agent'),
          environment: fromJson(text(first, 'environment')) as Environment,
          engines: group.flatMap((row) => {
            const engine = optionalText(row, 'engine')
            return engine === undefined ? [] : [fromJson(engine) as EngineFacts]
          }),
        }
      })
    },
  }
}

function readingParameters(
  agent: string,
  trial: number | null,
  reading: TelemetryReading,
): Parameters {
  return {
    agent,
    trial,
    at: reading.at,
    device: reading.device,
    utilization_percent: reading.utilizationPercent ?? null,
    memory_bytes: reading.memoryBytes ?? null,
    power_watts: reading.powerWatts ?? null,
    temperature_celsius: reading.temperatureCelsius ?? null,
    clock_mhz: reading.clockMhz ?? null,
    throttle_reasons:
      reading.throttleReasons === undefined ? null : toJson(reading.throttleReasons),
  }
}
