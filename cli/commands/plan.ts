import { blockKey, blockOf } from '../../shared/domain/configuration.js'
import { isSurfaceMetric } from '../../shared/domain/metric.js'
import type { CliContext } from '../context.js'
import { createOutput } from '../output.js'
import { readSweep } from '../sweep-source.js'
import type { SweepOverrides } from '../sweep-source.js'
import { percent, wallTime, wholeNumber } from '../../coordinator/analysis/report/units.js'
import { table } from '../view/line.js'

/** Above this many configurations blocks are counted on an even sample only. */
const countedConfigurations = 100_000

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
    tokens += configuration.load * configuration.outputTokens
    counted += 1
  }
  const { repetitions, warmups, max_seconds: maxSeconds } = sweep.measurement
  const upperSeconds = space.size * maxSeconds
  const facts = {
    sweep: sweep.name,
    configurations: space.size,
    blocks: blocks.size,
    strategy: sweep.strategy.kind,
    seed: sweep.strategy.seed,
    goalAccuracy: sweep.goal.accuracy,
    surfaceMetrics: sweep.metrics.filter(isSurfaceMetric),
    repetitions,
    warmups,
    fullGridOutputTokensPerRepetition: Math.round((tokens / counted) * space.size),
    fullGridSecondsAtMost: upperSeconds,
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
      [
        'one trial',
        `${warmups} warm-up(s), up to ${repetitions} repetitions, at most ${wallTime(maxSeconds)}`,
      ],
      [
        'full grid',
        `at most ${wallTime(upperSeconds)} of measuring; ${wholeNumber(facts.fullGridOutputTokensPerRepetition)} output tokens per repetition`,
      ],
    ]),
    'The real price is not known before the first measurement: it depends on the engine and the device.',
    'It is forecast, with an interval, from the first few trials on; a `budget` in the file bounds it.',
  ].join('\n')
  output.result(facts, text)
  return 0
}
