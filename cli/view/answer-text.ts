import { standpointOf } from '../../coordinator/analysis/cost/answer.js'
import type { Answer, Inquiry, Standpoint } from '../../coordinator/analysis/cost/answer.js'
import { alternativeWords } from '../../coordinator/analysis/report/decision-words.js'
import { doubtsOf } from '../../coordinator/analysis/cost/doubts.js'
import { excessAtMost } from '../../coordinator/decision/alternative.js'
import type { Objective } from '../../coordinator/decision/appraise.js'
import type { CostSheet } from '../../coordinator/analysis/cost/cost-sheet.js'
import type { Prospect } from '../../coordinator/decision/look-ahead.js'
import type { Standing } from '../../coordinator/decision/recommend.js'
import { clauseWords, quantityOf, sloWords } from '../../coordinator/decision/slo.js'
import { deploymentWords } from '../../coordinator/decision/traffic.js'
import { regretAllowed } from '../../coordinator/decision/verdict.js'
import type { Report } from '../../coordinator/analysis/report/report.js'
import {
  chance,
  deviceSeconds,
  figure,
  metricValue,
  percent,
  wholeNumber,
} from '../../coordinator/analysis/report/units.js'
import type { Interval } from '../../shared/domain/meta-metrics.js'
import { servingLines } from './serving-text.js'
import { table } from './line.js'

export const objectiveWords: Readonly<Record<Objective, string>> = {
  usd: 'the lowest price per token',
  'device-seconds': 'the most tokens per device',
  joules: 'the least energy per token',
  'user-seconds': 'the fastest tokens for one user',
}

/** `3.21 USD (3.10 – 3.35)`; the bounds are left out where they are not known. */
export function withUnit({ value, low, high }: Interval, unit: string): string {
  const bounds =
    Number.isFinite(low) && Number.isFinite(high) ? ` (${figure(low)} – ${figure(high)})` : ''
  return `${figure(value)} ${unit}${bounds}`
}

function sheetLines(sheet: CostSheet): string[][] {
  const split = sheet.usdPerMillionByPhase
  return [
    ['per device', withUnit(sheet.tokensPerDevice, 'output tok/s')],
    ...(sheet.tokensPerUser === undefined
      ? []
      : [['per user', withUnit(sheet.tokensPerUser, 'output tok/s')]]),
    ['per copy', withUnit(sheet.requestRate, 'req/s')],
    ...(sheet.usdPerMillionOutput === undefined
      ? []
      : [['output tokens', withUnit(sheet.usdPerMillionOutput, 'USD per million')]]),
    ...(sheet.usdPerMillionTotal === undefined
      ? []
      : [['all tokens', withUnit(sheet.usdPerMillionTotal, 'USD per million, input and output')]]),
    ...(split === undefined
      ? []
      : [
          [
            'by phase',
            `${figure(split.input)} USD per million input tokens, ${figure(split.output)} per million output tokens`,
          ],
        ]),
    ...(sheet.joulesPerOutput === undefined
      ? []
      : [['energy', `${figure(sheet.joulesPerOutput)} J per output token`]]),
  ]
}

function reasonLines(
  { slo, objective }: Inquiry,
  standing: Standing,
  certainty: Answer['certainty'],
): string[] {
  const { appraisal, meetsProbability, bestProbability, expectedRegret } = standing
  const margins = slo.map(
    (clause, k) =>
      `  ${quantityOf(clause)} ${appraisal.measured ? 'is' : 'is estimated at'} ${metricValue(clause.metric, appraisal.latencies[k] ?? NaN)} (limit: ${clauseWords(clause)})`,
  )
  return [
    `Why: ${objectiveWords[objective]} of all that meet ${sloWords(slo)}.`,
    ...margins,
    `  meets it with probability ${chance(meetsProbability)}; is the very best with ${chance(bestProbability)}; expected regret ${percent(expectedRegret)}, at most ${percent(certainty.lossAtMost)} beyond 1 %`,
  ]
}

function hardwareLines({ hardware }: Answer): string[] {
  if (hardware.length < 2) return []
  return [
    '',
    'By hardware, each at its best within the limits:',
    ...table([
      ['', 'best', 'req/s per device', 'price', 'all else equal, it changes at'],
      ...hardware.map((each) => [
        `  ${each.hardware}`,
        each.best === undefined
          ? 'nothing meets them'
          : `${each.best.appraisal.deployment.block.tensorParallel} devices, load ${each.best.appraisal.deployment.load}`,
        each.goodput === undefined ? '–' : figure(each.goodput),
        each.usdPerDeviceHour === undefined ? '–' : `${figure(each.usdPerDeviceHour)} USD/h`,
        each.switchesAt === undefined ? '–' : withUnit(each.switchesAt, 'USD/h'),
      ]),
    ]),
  ]
}

function nextLines({ knowledge }: Inquiry, { nextHour, recommendation }: Answer): string[] {
  const { next, gain, deviceSeconds: cost } = nextHour
  if (recommendation === undefined) return []
  if (next.length === 0) {
    return ['', 'One more device-hour of measuring would change nothing worth naming.']
  }
  const first = next[0]?.points.flatMap((point) => knowledge.points[point]?.configuration ?? [])
  const where = (first ?? [])
    .slice(0, 1)
    .map(
      (each) =>
        ` First: ${each.tensorParallel} x ${each.hardware}, load ${each.load}, ${each.inputTokens} in, ${each.outputTokens} out.`,
    )
  return [
    '',
    `One more device-hour would measure ${wholeNumber(next.length)} contender(s) (${deviceSeconds(cost)} are worth it) and is expected to find ${percent(gain)} more work for the same money.${where.join('')}`,
  ]
}

/** What is measured, how often, and what that costs. */
function prospectWords(
  { appraised }: Answer,
  { which, times, points, deviceSeconds: cost }: Prospect,
): string {
  const { appraisals, question } = appraised
  const deployment = appraisals[which]?.deployment
  const { points: known, loadAxis } = question.knowledge
  const [only] = points.length === 1 ? points : []
  const configuration = only === undefined ? undefined : known[only]?.configuration
  const lengths =
    configuration === undefined
      ? `${points.length} request lengths`
      : `${configuration.inputTokens} in, ${configuration.outputTokens} out`
  const often = times === 1 ? 'once' : `${times} times`
  return `${deployment === undefined ? '' : deploymentWords(deployment, loadAxis)} (${lengths}) ${often}, ${deviceSeconds(cost)}`
}

/** The other choice, where what a limit is worth decides. */
function alternativeLines({ alternative, appraised, certainty }: Answer): string[] {
  if (alternative === undefined) return []
  const { standing, excessAtMost: over, costRatio } = alternative
  const { loadAxis } = appraised.question.knowledge
  const words = alternativeWords({
    alternative: {
      deployment: deploymentWords(standing.appraisal.deployment, loadAxis),
      meetsProbability: standing.meetsProbability,
      excessAtMost: over,
      ...(costRatio === undefined ? {} : { costRatio }),
    },
    ...(certainty.chosen === undefined
      ? {}
      : { excessAtMost: excessAtMost(appraised, certainty.chosen) }),
  })
  return words === undefined ? [] : [`  Or, at the limit: ${words}.`]
}

/** Why there is no winner yet, and what would make one. */
function untoldLines(found: Answer): string[] {
  const { first, certainty } = found
  if (first === undefined) return []
  const bound = `expected regret at most ${percent(certainty.lossAtMost)}, above the ${percent(regretAllowed)} allowed`
  if (first.measure.length === 0) {
    return [...alternativeLines(found), `  ${bound}; no measurement is known to change that.`, '']
  }
  return [
    ...alternativeLines(found),
    `  ${bound}. Measure these first (${deviceSeconds(first.deviceSeconds)}; leaves about ${percent(first.leaves)}):`,
    ...first.measure.map((each) => `    ${prospectWords(found, each)}`),
    '',
  ]
}

/** What a choice that is only predicted still lacks. */
function unconfirmedLines(
  { includePredicted = false }: Inquiry,
  { confirmation, certainty }: Answer,
): string[] {
  if (confirmation === undefined) return []
  const { points, of, deviceSeconds: cost } = confirmation
  const measured = of - points.length
  const extent =
    of === 1
      ? 'it was never measured'
      : `${wholeNumber(measured)} of its ${wholeNumber(of)} request lengths were measured`
  const price = cost === undefined ? '' : `, some ${deviceSeconds(cost)}`
  const regret = `expected regret at most ${percent(certainty.lossAtMost)}`
  return [
    `  ${extent}; ${regret}.${includePredicted ? '' : ` To confirm it: --next FILE measures ${points.length === 1 ? 'it' : 'them'}${price}; --include-predicted takes it as it is.`}`,
    '',
  ]
}

const heads: Readonly<Record<Standpoint, string>> = {
  confirmed: 'Run',
  predicted: 'Predicted, not confirmed:',
  untold: 'Cannot tell yet; the least regret has',
}

function headLine(
  { knowledge, includePredicted = false }: Inquiry,
  found: Answer,
  { appraisal }: Standing,
): string {
  const standpoint = standpointOf(found)
  const taken = standpoint === 'predicted' && includePredicted
  const words = deploymentWords(appraisal.deployment, knowledge.loadAxis)
  const mark = taken || (standpoint === 'untold' && !appraisal.measured) ? ' (predicted only)' : ''
  return `${taken ? heads.confirmed : heads[standpoint]} ${words}${mark}.`
}

/** What to measure next for this decision, where anything is worth it. */
export function nextText(found: Answer): string {
  const { next } = found
  return next === undefined
    ? 'Nothing more is worth measuring for this question.'
    : `Next: ${prospectWords(found, next)}; expected to take ${percent(next.value)} off the regret.`
}

const trafficWords = ({ traffic }: Inquiry): string => {
  if (traffic === 'any') return 'any single configuration'
  const [only] = traffic
  if (traffic.length === 1 && only !== undefined) {
    return `${only.inputTokens} input and ${only.outputTokens} output tokens`
  }
  return `${traffic.length} request lengths, each equally often (name one with --input and --output)`
}

/** Nothing could be judged at all: no more is known than that there are deployments. */
export const isUnknown = ({ appraised: { considered, leftOut } }: Answer): boolean =>
  considered === 0 && leftOut.unknown > 0

/** The answer first, then the reasons, the runner-up, the doubts, and what to do next. */
export function answerText(inquiry: Inquiry, found: Answer, report?: Report): string {
  const { knowledge, slo } = inquiry
  const { recommendation, appraised, sheet, runnerUpSheet } = found
  const doubts = doubtsOf(inquiry, found, report).map((doubt) => `  - ${doubt}`)
  if (recommendation === undefined && isUnknown(found)) {
    const { unknown } = appraised.leftOut
    return [
      `Too little of ${knowledge.name} is measured to choose: of none of ${wholeNumber(unknown)} deployments is every figure known that ${sloWords(slo)} and ${objectiveWords[inquiry.objective]} need, for ${trafficWords(inquiry)}.`,
      ...doubts,
    ].join('\n')
  }
  if (recommendation === undefined) {
    return [
      `Nothing in ${knowledge.name} is estimated to meet ${sloWords(slo)} for ${trafficWords(inquiry)} (${wholeNumber(appraised.considered)} looked at).`,
      ...alternativeLines(found),
      ...doubts,
    ].join('\n')
  }
  const { best, runnerUp, eligible, considered } = recommendation
  const second =
    runnerUp === undefined
      ? []
      : [
          '',
          `Runner-up: ${deploymentWords(runnerUp.appraisal.deployment, knowledge.loadAxis)}, at ${figure(runnerUp.cost.value / best.cost.value)} times the cost; meets the limits with ${chance(runnerUp.meetsProbability)}.`,
          ...(runnerUpSheet?.usdPerMillionOutput === undefined
            ? []
            : [
                `  ${withUnit(runnerUpSheet.usdPerMillionOutput, 'USD per million output tokens')}`,
              ]),
        ]
  return [
    headLine(inquiry, found, best),
    ...(found.first === undefined ? unconfirmedLines(inquiry, found) : untoldLines(found)),
    `  from ${knowledge.name}, for ${trafficWords(inquiry)}; ${wholeNumber(eligible)} of ${wholeNumber(considered)} deployments meet the limits`,
    ...(sheet === undefined
      ? []
      : table(sheetLines(sheet).map(([a = '', b = '']) => [`  ${a}`, b]))),
    '',
    ...reasonLines(inquiry, best, found.certainty),
    ...second,
    ...hardwareLines(found),
    ...servingLines(inquiry, found),
    ...nextLines(inquiry, found),
    ...(doubts.length === 0 ? [] : ['', 'Doubts:', ...doubts]),
    '',
    'Intervals are 90 %; docs/COST.md has every formula.',
  ].join('\n')
}
