import { blockKey, blockOf } from '../../shared/domain/configuration.js'
import { isSurfaceMetric } from '../../shared/domain/metric.js'
import type { Space } from '../../shared/domain/space.js'
import { dataOf, replays } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { CliContext } from '../context.js'
import { sloOf, sloWords } from '../../coordinator/decision/slo.js'
import { regretAllowed } from '../../coordinator/decision/verdict.js'
import { createOutput } from '../output.js'
import { readSweep } from '../sweep-source.js'
import type { SweepOverrides } from '../sweep-source.js'
import {
  deviceSeconds,
  figure,
  percent,
  wallTime,
  wholeNumber,
} from '../../coordinator/analysis/report/units.js'
import { dataFileWords, requestWords } from '../../coordinator/analysis/report/data-words.js'
import { planPrice } from '../../coordinator/analysis/plan-price.js'
import type { Bounds, PlanPrice } from '../../coordinator/analysis/plan-price.js'
import { onePassDeviceSeconds } from '../prior-price.js'
import { objectiveWords } from '../view/answer-text.js'
import { table } from '../view/line.js'

/** Above this many configurations blocks are counted on an even sample only. */
const countedConfigurations = 100_000

/** What one trial is. */
function trialWords({ workload, measurement }: Sweep): string {
  const { repetitions, warmups, max_seconds: maxSeconds } = measurement
  const warm = `${warmups} warm-up(s)`
  const data = dataOf(workload)
  if (data !== undefined && replays(workload)) {
    return `${warm}, then the ${wholeNumber(data.requests)} requests of ${data.file} once, as recorded`
  }
  return workload.kind === 'static-batch'
    ? `${warm}, up to ${repetitions} repetitions, at most ${wallTime(maxSeconds)}`
    : `${warm}, then a loop until it is precise, at most ${wallTime(maxSeconds)}`
}

/** Where requests come from, if from a file: who plans sees which one. */
const dataLines = ({ data }: PlanPrice): string[][] =>
  data === undefined
    ? []
    : [
        ['data', dataFileWords(data)],
        ['', requestWords(data)],
      ]

/** What the full grid costs, where the engine’s times are known before it runs, or why not. */
function priceLines(onePass: number | undefined, { workload, measurement }: Sweep): string[] {
  const { warmups, repetitions } = measurement
  if (replays(workload)) return ['A trial takes as long as its trace, whatever the engine does.']
  if (onePass === undefined) {
    return [
      'The price is not known before the first measurement: it depends on the engine and the device.',
      'It is forecast, with an interval, from the first few trials on.',
    ]
  }
  const most = onePass * (warmups + repetitions)
  return [
    `One repetition of every configuration takes about ${deviceSeconds(onePass)}: this engine’s times are known.`,
    `With warm-ups and repetitions the full grid takes up to about ${deviceSeconds(most)}, engine starts and gaps not counted.`,
  ]
}

/** Requests that a repetition sends at once, or a trace in all. */
const requestsOf = ({ workload }: Sweep, load: number): number =>
  replays(workload) ? (dataOf(workload)?.requests ?? 0) : load

const bounds = ({ low, high }: Bounds, words: (value: number) => string): string =>
  low === undefined ? `at most ${words(high)}` : `${words(low)} to ${words(high)}`

/** Device time and money that hold whatever is measured; engine starts come on top. */
function boundLines(price: PlanPrice): string[] {
  const money = (usd: number): string => `${figure(usd)} USD`
  const { fullGridUsd, sweepUsd } = price
  return [
    `Full grid: ${bounds(price.fullGridDeviceSeconds, deviceSeconds)}${fullGridUsd === undefined ? '' : `, ${bounds(fullGridUsd, money)}`}, engine starts not counted.`,
    `This sweep: ${bounds(price.sweepDeviceSeconds, deviceSeconds)}${sweepUsd === undefined ? '' : `, ${bounds(sweepUsd, money)}`}; it ends before where its goal allows.`,
  ]
}

/** Where the goal names a decision: what it asks. */
function decisionRow(sweep: Sweep, space: Space, { decision, fullGridUsd }: PlanPrice): string[][] {
  const wanted = sweep.goal.decision
  if (wanted === undefined || decision === undefined) return []
  const objective = wanted.objective ?? (fullGridUsd === undefined ? 'device-seconds' : 'usd')
  const lengths = [
    ...(wanted.input_tokens === undefined ? [] : [`${wholeNumber(wanted.input_tokens)} in`]),
    ...(wanted.output_tokens === undefined ? [] : [`${wholeNumber(wanted.output_tokens)} out`]),
  ]
  const of = `${wholeNumber(decision.configurations)} of ${wholeNumber(space.size)} configurations`
  return [
    [
      'decision',
      `${objectiveWords[objective]} ${lengths.length === 0 ? 'over all lengths' : `at ${lengths.join(', ')}`}, ${sloWords(sloOf(sweep))} (${of})`,
    ],
    [
      '',
      `right with ${percent(wanted.probability)} and an expected regret of at most ${percent(regretAllowed)}`,
    ],
  ]
}

/** What such a decision took on recorded grids, nine times in ten: docs/BENCHMARKS-DECISION.md. */
const usualDecision = 0.04

function decisionLines({ decision }: PlanPrice): string[] {
  if (decision === undefined) return []
  const { trialsAtMost, deviceSeconds: price } = decision
  return [
    `Its decision comes after the accuracy goal and adds ${bounds(price, deviceSeconds)}, ${trialsAtMost} trials of every contender;`,
    `on recorded grids nine of ten decisions took at most ${percent(usualDecision)} of the full grid.`,
  ]
}

function budgetLine({ budget, prices, strategy }: Sweep): string {
  const limits = [
    ...(budget.device_hours === undefined ? [] : [`${budget.device_hours} device-hours`]),
    ...(budget.cost_usd === undefined ? [] : [`${budget.cost_usd} USD`]),
    ...(budget.trials === undefined ? [] : [`${budget.trials} trials`]),
    ...(budget.wall_time === undefined ? [] : [`${wallTime(budget.wall_time)} of wall time`]),
  ]
  if (limits.length > 0) return `The budget ends it after ${limits.join(' or ')} at the latest.`
  const unpriced = Object.keys(prices).length === 0 ? '; `prices` would give it in USD' : ''
  return strategy.kind === 'full-grid'
    ? `No budget bounds it: everything is measured${unpriced}.`
    : `No budget bounds it: it ends at its goal, at the noise floor, or when all is measured${unpriced}.`
}

/** `fmwork plan FILE`: what a sweep would measure, with what can and cannot be said of its price. */
export function planCommand(
  context: CliContext,
  file: string,
  options: SweepOverrides & { readonly json: boolean },
): number {
  const output = createOutput(context, options.json)
  const { sweep, space } = readSweep(file, options)
  const stride = Math.max(1, Math.floor(space.size / countedConfigurations))
  const blocks = new Set<string>()
  let tokens = 0
  let counted = 0
  for (let index = 0; index < space.size; index += stride) {
    const configuration = space.at(index)
    blocks.add(blockKey(blockOf(configuration)))
    tokens += requestsOf(sweep, configuration.load) * configuration.outputTokens
    counted += 1
  }
  const { repetitions, warmups, max_seconds: maxSeconds } = sweep.measurement
  const upperSeconds = space.size * maxSeconds
  const onePass = onePassDeviceSeconds(sweep, space)
  const price = planPrice(sweep, space, onePass)
  const facts = {
    sweep: sweep.name,
    configurations: space.size,
    blocks: blocks.size,
    strategy: sweep.strategy.kind,
    seed: sweep.strategy.seed,
    goalAccuracy: sweep.goal.accuracy,
    goalDecision: sweep.goal.decision ?? null,
    surfaceMetrics: sweep.metrics.filter(isSurfaceMetric),
    repetitions,
    warmups,
    fullGridOutputTokensPerRepetition: Math.round((tokens / counted) * space.size),
    fullGridSecondsAtMost: upperSeconds,
    fullGridDeviceSecondsPerRepetition: onePass ?? null,
    price,
    budget: sweep.budget,
    prices: sweep.prices,
  }
  const text = [
    ...table([
      ['sweep', `${sweep.name} (${file})`],
      ['configurations', wholeNumber(space.size)],
      [
        'engine starts',
        `${wholeNumber(blocks.size)} block(s)${stride > 1 ? ', counted on a sample' : ''}`,
      ],
      ['strategy', `${sweep.strategy.kind}, seed ${sweep.strategy.seed}`],
      ['goal', `accuracy ${percent(sweep.goal.accuracy)} on ${facts.surfaceMetrics.join(', ')}`],
      ...decisionRow(sweep, space, price),
      ['one trial', trialWords(sweep)],
      ...dataLines(price),
      [
        'full grid',
        `at most ${wallTime(upperSeconds)} on one device set; ${wholeNumber(facts.fullGridOutputTokensPerRepetition)} output tokens per repetition`,
      ],
    ]),
    ...priceLines(onePass, sweep),
    ...boundLines(price),
    ...decisionLines(price),
    budgetLine(sweep),
  ].join('\n')
  output.result(facts, text)
  return 0
}
