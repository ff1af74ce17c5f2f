import type {
  Comparison,
  ComparedRatio,
  MetricComparison,
} from '../../coordinator/analysis/comparison/compare.js'
import type { Difference } from '../../coordinator/analysis/comparison/fingerprint.js'
import type { Flip } from '../../coordinator/analysis/comparison/ranking.js'
import { worsening } from '../../coordinator/analysis/comparison/ratio.js'
import { percent, ratioInterval, wholeNumber } from '../../coordinator/analysis/report/units.js'
import { metricTable } from '../../shared/domain/metric.js'
import { counted, table } from './line.js'

/** Configurations and flips that are listed; --json has all of them. */
const listed = 6

function row({ metric, overall, ratios, regressed }: MetricComparison): string[] {
  const count = (verdict: string) =>
    wholeNumber(ratios.filter((each) => each.verdict === verdict).length)
  return [
    `  ${metric}`,
    ratioInterval(overall),
    `${metricTable[metric].better} is better`,
    `${count('better')} better, ${count('worse')} worse, ${count('same')} no difference shown`,
    regressed ? 'REGRESSED' : '',
  ]
}

function pairLine({ pair, metric, ratio, regressed }: ComparedRatio): string {
  const { hardware, tensorParallel, load, inputTokens, outputTokens } = pair.second.configuration
  return `  ${metric} ${ratioInterval(ratio)} at ${tensorParallel} x ${hardware}, load ${load}, ${inputTokens} in, ${outputTokens} out${regressed ? '  REGRESSED' : ''}`
}

function flipLine(
  { metric, between, betterBelow, ...shape }: Flip,
  { first, second }: Comparison,
): string {
  const [below, above] = betterBelow === 'first' ? [first, second] : [second, first]
  return `  ${metric}, ${shape.inputTokens} in, ${shape.outputTokens} out, ${counted(shape.tensorParallel, 'device')}: ${below} up to load ${between[0]}, ${above} from ${between[1]} on`
}

const more = (count: number): string[] =>
  count > listed ? [`  and ${wholeNumber(count - listed)} more (--json has all)`] : []

/** Ratios are second / first: 1 is no change. */
export function comparisonText(
  comparison: Comparison,
  differences: readonly Difference[],
  { threshold, rate }: { readonly threshold: number; readonly rate: number },
): string {
  const { first, second, metrics } = comparison
  const standing = metrics
    .flatMap(({ ratios }) => ratios)
    .filter(({ verdict, regressed }) => verdict !== 'same' || regressed)
    .sort((a, b) => worsening(b.metric, b.ratio.value) - worsening(a.metric, a.ratio.value))
  const flips = metrics.flatMap((each) => each.flips)
  return [
    `${second} / ${first}, at ${wholeNumber(comparison.matched)} configurations of both:`,
    ...table(metrics.map(row)),
    ...(standing.length === 0
      ? ['No difference can be shown at any configuration.']
      : ['Worst first:', ...standing.slice(0, listed).map(pairLine), ...more(standing.length)]),
    ...(flips.length === 0
      ? []
      : [
          'Where the better side changes:',
          ...flips.slice(0, listed).map((flip) => flipLine(flip, comparison)),
          ...more(flips.length),
        ]),
    ...(differences.length === 0
      ? []
      : [
          'What is not the same about them:',
          ...differences
            .slice(0, 20)
            .map((each) => `  ${each.fact}: ${each.first || '–'} / ${each.second || '–'}`),
        ]),
    `Differences stand with a false discovery rate of ${percent(rate)}; worse by more than ${percent(threshold)} is a regression. Intervals are 90 %.`,
  ].join('\n')
}
