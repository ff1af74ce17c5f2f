import { parseSweep } from '../../../shared/domain/sweep-file.js'
import { changesSuspecting } from '../../../shared/domain/level-change.js'
import type { LevelChange, SweepStatus } from '../../../shared/domain/meta-metrics.js'
import type { CurvePoint, SweepDesk } from '../../../shared/domain/sweep-desk.js'
import type { TrialDossier } from '../../../shared/domain/sweep-reader.js'
import type { CurveView, RequestView, StatusView, SweepView, TrialView } from './api.js'

/** Points of a curve, arrivals of a request and readings of a trial that a page can show apart. */
const curvePoints = 400
const chunkMarks = 40
const readingsShown = 3000

export function statusView(status: SweepStatus): StatusView {
  return Object.fromEntries(
    Object.entries(status).filter(([key]) => key !== 'agents'),
  ) as unknown as StatusView
}

export async function sweepView(desk: SweepDesk, sweep: string): Promise<SweepView> {
  const { text, status } = await desk.get(sweep)
  const { name, model, metrics, goal, budget, prices, slo, workload, strategy } = parseSweep(text)
  return {
    text,
    spec: { name, model, metrics, goal, budget, prices, slo, workload, strategy },
    status: statusView(status),
  }
}

/** At most `count`, evenly chosen, the first and the last among them. */
export function evenly<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all
  return Array.from(
    { length: count },
    (_, k) => all[Math.round((k * (all.length - 1)) / (count - 1))] as T,
  )
}

export function curveView(curve: readonly CurvePoint[]): CurveView {
  return {
    total: curve.length,
    points: evenly(curve, curvePoints).map(({ deviceSeconds, measured, accuracy }) => ({
      deviceSeconds,
      measured,
      accuracy: accuracy.map(({ metric, calibrated, accuracy: interval }) => ({
        metric,
        calibrated,
        accuracy: interval,
      })),
    })),
  }
}

/**
 * Requests and readings of a trial on one axis: seconds from the start of its measured window.
 *
 * @param changes of its sweep
 */
export function trialView(dossier: TrialDossier, changes: readonly LevelChange[]): TrialView {
  const { trial, measurement, samples, requests, telemetry } = dossier
  const first = samples.find(({ warmUp }) => !warmUp) ?? samples[0]
  const origin = first?.scheduledAt ?? 0
  // The window opens when its first request is due; both clocks name that moment.
  const wall = measurement?.startedAt ?? telemetry[0]?.at ?? 0
  return {
    trial,
    suspectedBy: changesSuspecting(trial, changes),
    ...(measurement === undefined ? {} : { measurement }),
    requests: samples.map((sample): RequestView => ({
      repetition: sample.repetition,
      request: sample.request,
      warmUp: sample.warmUp,
      scheduledAt: sample.scheduledAt - origin,
      sentAt: sample.sentAt - origin,
      ...(sample.firstEventAt === undefined ? {} : { firstEventAt: sample.firstEventAt - origin }),
      endedAt: sample.endedAt - origin,
      chunkAt: evenly(sample.chunkAt, chunkMarks).map((at) => at - origin),
      chunks: sample.chunkAt.length,
      inputTokens: sample.inputTokens,
      outputTokens: sample.outputTokens,
      outcome: sample.outcome,
      ...(sample.error === undefined ? {} : { error: sample.error }),
    })),
    requestsInAll: requests,
    telemetry: evenly(telemetry, readingsShown).map((reading) => ({
      ...reading,
      at: (reading.at - wall) / 1000,
    })),
    readingsInAll: telemetry.length,
  }
}
