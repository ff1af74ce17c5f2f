import { doubtsOf } from './doubts.js'
import type { Interval } from '../../../shared/domain/meta-metrics.js'
import type { Report } from '../report/report.js'
import type { Answer, Inquiry } from './answer.js'
import type { Objective } from '../../decision/appraise.js'
import type { CostSheet } from './cost-sheet.js'
import { excessAtMost } from '../../decision/alternative.js'
import { boundConfidence } from '../../decision/certainty.js'
import type { Prospect } from '../../decision/look-ahead.js'
import type { Standing } from '../../decision/recommend.js'
import { quantityOf } from '../../decision/slo.js'
import { regretAllowed } from '../../decision/verdict.js'
import { standpointOf } from './answer.js'

export const objectiveUnits: Readonly<Record<Objective, string>> = {
  'device-seconds': 'device-s/tok',
  usd: 'USD/tok',
  joules: 'J/tok',
  'user-seconds': 's/tok',
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null)
const single = (value: number | undefined, unit: string): object | null =>
  value === undefined ? null : { value: known(value), unit }
const interval = (found: Interval | undefined, unit: string): object | null =>
  found === undefined
    ? null
    : {
        value: known(found.value),
        low: known(found.low),
        high: known(found.high),
        unit,
        confidence: 0.9,
      }

function sheetJson(sheet: CostSheet): object {
  const split = sheet.usdPerMillionByPhase
  return {
    outputTokensPerDeviceSecond: interval(sheet.tokensPerDevice, 'tok/device-s'),
    outputTokensPerUserSecond: interval(sheet.tokensPerUser, 'tok/s'),
    requestsPerReplicaSecond: interval(sheet.requestRate, 'req/s'),
    usdPerMillionOutputTokens: interval(sheet.usdPerMillionOutput, 'USD/Mtok'),
    usdPerMillionTotalTokens: interval(sheet.usdPerMillionTotal, 'USD/Mtok'),
    usdPerMillionInputTokensOfPrefill: single(split?.input, 'USD/Mtok'),
    usdPerMillionOutputTokensOfDecode: single(split?.output, 'USD/Mtok'),
    joulesPerOutputToken: single(sheet.joulesPerOutput, 'J/tok'),
  }
}

function standingJson(standing: Standing, { slo, objective }: Inquiry, sheet?: CostSheet): object {
  const { appraisal, cost, meetsProbability, bestProbability, expectedRegret } = standing
  const { block, load } = appraisal.deployment
  return {
    deployment: { ...block, load },
    measured: appraisal.measured,
    cost: interval(cost, objectiveUnits[objective]),
    latencies: slo.map((clause, k) => ({
      quantity: quantityOf(clause),
      limit: single(clause.limitSeconds, 's'),
      estimate: single(appraisal.latencies[k], 's'),
    })),
    meetsProbability: single(meetsProbability, '1'),
    bestProbability: single(bestProbability, '1'),
    expectedRegret: single(expectedRegret, '1'),
    figures: sheet === undefined ? null : sheetJson(sheet),
  }
}

const prospectJson = ({ appraised }: Answer, each: Prospect | undefined): object | null =>
  each === undefined
    ? null
    : {
        configurations: each.points.flatMap(
          (point) => appraised.question.knowledge.points[point]?.configuration ?? [],
        ),
        times: each.times,
        deviceSeconds: single(each.deviceSeconds, 'device-s'),
        value: single(each.value, '1'),
      }

function alternativeJson(inquiry: Inquiry, { alternative, appraised, certainty }: Answer) {
  if (alternative === undefined) return null
  const { standing, costRatio } = alternative
  return {
    ...standingJson(standing, inquiry),
    costRatio: single(costRatio, '1'),
    excessAtMost: { ...single(alternative.excessAtMost, '1'), confidence: boundConfidence },
    recommendedExcessAtMost:
      certainty.chosen === undefined
        ? null
        : {
            ...single(excessAtMost(appraised, certainty.chosen), '1'),
            confidence: boundConfidence,
          },
  }
}

/** Whether the recommendation is one yet. */
function verdictJson(inquiry: Inquiry, found: Answer): object {
  const { includePredicted = false, knowledge } = inquiry
  const { certainty, first, confirmation } = found
  const standpoint = standpointOf(found)
  return {
    told: standpoint === 'confirmed' || (standpoint === 'predicted' && includePredicted),
    standpoint,
    confirm:
      confirmation === undefined
        ? null
        : {
            configurations: confirmation.points.flatMap(
              (point) => knowledge.points[point]?.configuration ?? [],
            ),
            deviceSeconds: single(confirmation.deviceSeconds, 'device-s'),
          },
    probability: single(certainty.probability, '1'),
    regretAtMost: { ...single(certainty.lossAtMost, '1'), confidence: boundConfidence },
    regretAllowed: single(regretAllowed, '1'),
    alternative: alternativeJson(inquiry, found),
    measureFirst:
      first === undefined
        ? null
        : {
            measurements: first.measure.map((each) => prospectJson(found, each)),
            deviceSeconds: single(first.deviceSeconds, 'device-s'),
            leaves: single(first.leaves, '1'),
          },
  }
}

function servingJson({ serving, benchmark }: Answer): object {
  return {
    fleet:
      serving === undefined
        ? null
        : {
            parts: serving.fleet.parts.map(({ replica, count }) => ({ ...replica, count })),
            devices: serving.fleet.devices,
            cost: single(serving.fleet.usdPerHour, 'USD/h'),
            carries: single(serving.fleet.carries, 'req/s'),
            need: serving.need,
            cheapestProven: serving.fleet.cheapestProven,
            carriesProbability: single(serving.carriesProbability, '1'),
            alternatives: serving.alternatives,
            breakEvens: serving.breakEvens,
          },
    benchmarkPlan:
      benchmark === undefined
        ? null
        : {
            measurements: benchmark.measure.length,
            deviceSeconds: single(benchmark.deviceSeconds, 'device-s'),
            cost: single(benchmark.usd, 'USD'),
            expectedSaving: single(benchmark.savingUsd, 'USD'),
          },
  }
}

/** The answer for programs: every figure with its unit, unknown ones null. */
export function answerJson(inquiry: Inquiry, found: Answer, report?: Report): object {
  const { recommendation: choice, appraised, nextHour } = found
  const { knowledge, traffic, slo, objective, prices } = inquiry
  return {
    event: 'recommendation',
    source: knowledge.name,
    traffic,
    slo: slo.map((clause) => ({
      quantity: quantityOf(clause),
      limit: single(clause.limitSeconds, 's'),
    })),
    objective,
    prices,
    recommended: choice === undefined ? null : standingJson(choice.best, inquiry, found.sheet),
    runnerUp:
      choice?.runnerUp === undefined
        ? null
        : standingJson(choice.runnerUp, inquiry, found.runnerUpSheet),
    verdict: verdictJson(inquiry, found),
    considered: appraised.considered,
    eligible: choice?.eligible ?? 0,
    leftOut: appraised.leftOut,
    hardware: found.hardware.map((each) => ({
      hardware: each.hardware,
      price: single(each.usdPerDeviceHour, 'USD/device-h'),
      goodput: single(each.goodput, 'req/device-s'),
      switchesAt: interval(each.switchesAt, 'USD/device-h'),
      best: each.best === undefined ? null : standingJson(each.best, inquiry),
    })),
    next: prospectJson(found, found.next),
    nextDeviceHour: {
      measurements: nextHour.next.length,
      deviceSeconds: single(nextHour.deviceSeconds, 'device-s'),
      expectedGain: single(nextHour.gain, '1'),
      configurations: nextHour.next.flatMap(({ points }) =>
        points.flatMap((point) => knowledge.points[point]?.configuration ?? []),
      ),
    },
    ...servingJson(found),
    doubts: doubtsOf(inquiry, found, report),
  }
}
