import type {
  Interval,
  LevelChange,
  NodeLevel,
  MetricAccuracy,
  SweepStatus,
} from '../../../shared/domain/meta-metrics.js'
import { metricTable } from '../../../shared/domain/metric.js'
import { configurationKey } from '../../../shared/domain/configuration.js'
import type { SurfaceRow, TrialRecord } from '../../../shared/domain/sweep-desk.js'
import { embeddedSurface } from './embedded-surface.js'
import { reportRecommendations } from './recommendations.js'
import type { ShapeRecommendation } from './recommendations.js'
import { isSuspectRecord } from './suspect-trials.js'
import { loadWords } from './report.js'
import type { Report } from './report.js'
import { sweepSteps } from './sweep-steps.js'

/** A figure without its unit or interval cannot be quoted; a figure not known is null. */
const known = (value: number): number | null => (Number.isFinite(value) ? value : null)
const single = (value: number | undefined, unit: string): object | null =>
  value === undefined ? null : { value: known(value), unit }
const withInterval = ({ value, low, high }: Interval, unit: string, confidence = 0.9): object => ({
  value: known(value),
  low: known(low),
  high: known(high),
  unit,
  confidence,
})

function accuracyJson(each: MetricAccuracy): object {
  const { metric, calibrated, why, noiseFloor, coverage } = each
  return {
    metric,
    calibrated,
    why,
    noiseFloor: single(noiseFloor, '1'),
    coverage: single(coverage, '1'),
    // Below the audits that a claim needs there is no figure to quote.
    accuracy: calibrated ? withInterval(each.accuracy, '1') : null,
    within5: calibrated ? withInterval(each.within5, '1') : null,
    p95Error: calibrated ? withInterval(each.p95Error, '1') : null,
    bias: calibrated ? withInterval(each.bias, '1') : null,
  }
}

function decisionJson({ decision }: SweepStatus): object | null {
  if (decision === undefined) return null
  const { objective, chosen, challenger, alternative } = decision
  return {
    objective,
    chosen: chosen ?? null,
    probability: single(decision.probability, '1'),
    wanted: single(decision.wanted, '1'),
    tolerance: single(decision.tolerance, '1'),
    meetsProbability: single(decision.meetsProbability, '1'),
    expectedRegret: single(decision.expectedRegret, '1'),
    challenger: challenger ?? null,
    excessAtMost: single(decision.excessAtMost, '1'),
    alternative:
      alternative === undefined
        ? null
        : {
            deployment: alternative.deployment,
            meetsProbability: single(alternative.meetsProbability, '1'),
            excessAtMost: single(alternative.excessAtMost, '1'),
            costRatio: single(alternative.costRatio, '1'),
          },
  }
}

function changeJson({ agent, shifts, ...where }: LevelChange): object {
  return {
    agent: agent ?? null,
    ...where,
    shifts: shifts.map(({ metric, ratio }) => ({ metric, ratio: withInterval(ratio, 'x') })),
  }
}

const nodeJson = ({ agent, hardware, trials, ratios }: NodeLevel): object => ({
  ...{ agent, hardware, trials },
  ratios: ratios.map(({ metric, ratio }) => ({ metric, ratio: withInterval(ratio, 'x') })),
})

function harvestJson({ harvest }: SweepStatus): object | null {
  if (harvest === undefined) return null
  const { biases, ...rest } = harvest
  return {
    ...rest,
    biases: biases.map(({ metric, bias, distrusted }) => ({
      metric,
      bias: withInterval(bias, '1'),
      distrusted,
    })),
  }
}

function trialJson(trial: TrialRecord, changes: readonly LevelChange[]): object {
  const { measurement, ...rest } = trial
  if (measurement === undefined) return rest
  return {
    ...rest,
    suspect: isSuspectRecord(trial, changes),
    doubts: measurement.doubts,
    repetitions: measurement.repetitions,
    requests: measurement.requests,
    deviceSeconds: single(measurement.deviceSeconds, 'device-s'),
    energy: single(measurement.energyJoules, 'J'),
    timing: Object.fromEntries(
      Object.entries(measurement.timing).map(([part, seconds]: [string, number]) => [
        part,
        single(seconds, 's'),
      ]),
    ),
    metrics: measurement.metrics.map((each) => ({
      metric: each.metric,
      ...withInterval(each, metricTable[each.metric].unit, each.confidence),
      percentiles: each.percentiles,
      percentilesUnit: metricTable[each.metric].unit,
      count: each.count,
    })),
  }
}

function surfaceJson(row: SurfaceRow, report: Report): object {
  return {
    index: row.index,
    configuration: row.configuration,
    measured: row.measured,
    audited: report.auditKeys.has(configurationKey(row.configuration)),
    harvested: row.harvested === true,
    feasible: single(row.feasible, '1'),
    estimates: report.sweep.metrics.flatMap((metric) => {
      const found = row.estimates[metric]
      return found === undefined
        ? []
        : [{ metric, ...withInterval(found, metricTable[metric].unit) }]
    }),
  }
}

function verificationJson({ status, verification }: Report): object | null {
  if (verification === undefined) return null
  const { sampled, of, metrics, trueGain } = verification
  const claimed = (metric: string) =>
    status.accuracy.some((each) => each.metric === metric && each.calibrated)
  return {
    sampled,
    of,
    referenceDeviceSeconds: single(verification.referenceDeviceSeconds, 'device-s'),
    sweepDeviceSeconds: single(verification.sweepDeviceSeconds, 'device-s'),
    trueGain: withInterval(trueGain, 'x'),
    metrics: metrics.map((each) => ({
      metric: each.metric,
      claimedAccuracy: claimed(each.metric) ? withInterval(each.claimedAccuracy, '1') : null,
      trueAccuracy: withInterval(each.trueAccuracy, '1'),
      trueWithin5: single(each.trueWithin5, '1'),
      trueP95Error: single(each.trueP95Error, '1'),
      trueBias: single(each.trueBias, '1'),
      insideClaim: claimed(each.metric) ? each.insideClaim : null,
    })),
  }
}

function stepsJson(report: Report): object[] | null {
  const steps = sweepSteps(report)
  if (steps === undefined) return null
  return steps.map(({ name, configurations, deviceSeconds, gain, accuracy }) => ({
    name,
    configurations,
    deviceSeconds: single(deviceSeconds, 'device-s'),
    gain: single(gain, 'x'),
    accuracy: Object.fromEntries(
      Object.entries(accuracy).map(([metric, value]) => [metric, single(value, '1')]),
    ),
  }))
}

function recommendationJson(found: ShapeRecommendation): object {
  const { shape, best, sheet, judged, unknown } = found
  const usd = sheet?.usdPerMillionOutput
  return {
    ...shape,
    deployment:
      best === undefined
        ? null
        : { ...best.appraisal.deployment.block, load: best.appraisal.deployment.load },
    measured: best?.appraisal.measured ?? null,
    outputTokensPerDeviceSecond:
      sheet === undefined ? null : withInterval(sheet.tokensPerDevice, 'tok/device-s'),
    usdPerMillionOutputTokens: usd === undefined ? null : withInterval(usd, 'USD/Mtok'),
    judged,
    unknown,
    meetsProbability: single(best?.meetsProbability, '1'),
    expectedRegret: single(best?.expectedRegret, '1'),
  }
}

function pastJson({ past }: SweepStatus): object | null {
  if (past === undefined) return null
  return {
    origins: past.origins,
    metrics: past.metrics.map(({ errorWith, errorWithout, forecasts, ...rest }) => ({
      ...rest,
      forecasts,
      errorWith: single(forecasts > 0 ? errorWith : undefined, '1'),
      errorWithout: single(forecasts > 0 ? errorWithout : undefined, '1'),
    })),
  }
}

/** The report for programs (docs/schema/report.v1.json). Unit `1` is a share; figures not known are null. */
export function renderJson(report: Report): string {
  const { status } = report
  const { spent } = status
  const embedded = embeddedSurface(report)
  return `${JSON.stringify(
    {
      schemaVersion: 1,
      schemaRevision: 3,
      sweep: status.sweep,
      goal: { accuracy: single(status.goalAccuracy, '1'), reached: status.goalReached },
      counts: {
        configurations: status.configurations,
        measured: status.measured,
        audits: status.audits,
        infeasible: status.infeasible,
        failed: status.failed,
        pending: status.pending,
        invalid: status.invalid,
      },
      accuracy: status.accuracy.map(accuracyJson),
      decision: decisionJson(status),
      changes: status.changes.map(changeJson),
      nodes: status.nodes.map(nodeJson),
      harvest: harvestJson(status),
      past: pastJson(status),
      spent: {
        deviceSeconds: single(spent.deviceSeconds, 'device-s'),
        setUp: single(spent.setUp, 's'),
        warmUp: single(spent.warmUp, 's'),
        measured: single(spent.measured, 's'),
        gaps: single(spent.gaps, 's'),
        makespan: single(spent.makespan, 's'),
        energy: single(spent.energyJoules, 'J'),
        cost: single(spent.costUsd, 'USD'),
      },
      fullGrid: withInterval(status.fullGridDeviceSeconds, 'device-s'),
      gain: { ...withInterval(status.gain, 'x'), reference: 'full grid, every configuration once' },
      steps: stepsJson(report),
      recommendations: reportRecommendations(report).byShape.map(recommendationJson),
      verification: verificationJson(report),
      curve: report.curve.map((point) => ({
        deviceSeconds: single(point.deviceSeconds, 'device-s'),
        measured: point.measured,
        accuracy: point.accuracy.map(accuracyJson),
      })),
      loadAxis: loadWords(report).column,
      trials: report.trials.map((trial) => trialJson(trial, status.changes)),
      surface: {
        of: report.surface.length,
        sampled: embedded.rows.length < report.surface.length,
        seed: report.sweep.strategy.seed,
        rows: embedded.rows.map((row) => surfaceJson(row, report)),
      },
      environment: report.environment,
      sweepText: report.text,
    },
    null,
    1,
  )}\n`
}
