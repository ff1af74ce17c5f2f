import type { MetricName } from '../../../shared/domain/metric.js'
import { knowledgeOfReport } from '../cost/knowledge-of-report.js'
import { loadAxis } from '../../../shared/domain/sweep.js'
import { serviceTime } from '../../decision/figures.js'
import { paretoFront } from '../cost/pareto.js'
import type { FrontMember } from '../cost/pareto.js'
import { escapeHtml } from './escape.js'
import { axesSvg, logarithmic, px, roundTicks } from './plot-axis.js'
import type { Report } from './report.js'
import { estimatedMetrics } from './report.js'
import { evenSample } from './even-sample.js'
import { figure, metricScale, percent } from './units.js'

const frame = { left: 64, right: 620, top: 14, bottom: 300 }
/** Deployments drawn beside the front; the front is always whole. */
const drawnBeside = 1500
/** Configurations that take part; of a larger space an even sample. */
const mostPoints = 20_000
/** Share of worlds below which a configuration off the front is no contender. */
const contender = 0.1

/** Round values on a logarithmic axis: 1, 2 and 5 times the powers of ten inside. */
function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low))
  const last = Math.ceil(Math.log10(high))
  const all = Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k)).flatMap(
    (power) => [power, 2 * power, 5 * power],
  )
  const inside = all.filter((value) => value >= low && value <= high)
  return inside.length >= 2 ? inside : roundTicks(low, high)
}

/** The latency that fronts are drawn against: the most telling one that is estimated. */
export const frontMetric = (report: Report): MetricName | undefined =>
  (['itl', 'tpot', 'e2e', 'ttft', 'batch_ttft'] as const).find((metric) =>
    estimatedMetrics(report).includes(metric),
  )

/**
 * Output tokens per device-second against latency, every configuration a dot: the front a line, how
 * surely a configuration is on it its strength. Undefined where latency or rate is not estimated.
 */
export function paretoSvg(report: Report): string | undefined {
  const metric = frontMetric(report)
  const rated = serviceTime(estimatedMetrics(report), loadAxis(report.sweep.workload))
  if (metric === undefined || rated === undefined || report.surface.length === 0) return undefined
  const knowledge = knowledgeOfReport(report)
  const points = evenSample(knowledge.points, mostPoints, report.sweep.strategy.seed)
  const { members } = paretoFront(
    {
      knowledge: { ...knowledge, points },
      traffic: 'any',
      objective: 'device-seconds',
      prices: [],
      draws: 48,
    },
    metric,
  )
  const front = members.filter(({ onFront }) => onFront).sort((a, b) => a.latency - b.latency)
  if (front.length === 0) return undefined
  const rest = members.filter(({ onFront }) => !onFront)
  const drawn = [...evenSample(rest, drawnBeside, report.sweep.strategy.seed), ...front]
  const scale = metricScale(metric, front[0]?.latency ?? 1)
  const xOf = ({ latency }: FrontMember): number => latency * scale.perBase
  const rateOf = ({ cost }: FrontMember): number => 1 / cost
  const range = (values: readonly number[]): [number, number] => [
    values.reduce((least, each) => Math.min(least, each), Infinity) / 1.1,
    values.reduce((most, each) => Math.max(most, each), 0) * 1.1,
  ]
  const [xs, ys] = [range(drawn.map(xOf)), range(drawn.map(rateOf))]
  const x = logarithmic(xs, [frame.left, frame.right])
  const y = logarithmic(ys, [frame.bottom, frame.top])
  const axes = axesSvg({
    frame,
    x: { at: x, ticks: logTicks(...xs), label: `${metric} (${scale.unit})` },
    y: { at: y, ticks: logTicks(...ys), label: 'output tok/s per device' },
  })
  const dots = drawn.map((member) => {
    const { appraisal, frontProbability, onFront } = member
    const { block, load } = appraisal.deployment
    const words = `${block.tensorParallel} x ${block.hardware}, load ${load}: ${figure(rateOf(member))} tok/s per device at ${figure(xOf(member))} ${scale.unit}; on the front with ${percent(frontProbability)}${appraisal.measured ? '' : ' (estimated)'}`
    const strength =
      onFront || frontProbability >= contender ? Math.max(0.3, frontProbability) : 0.12
    return `<circle class="dot" cx="${px(x(xOf(member)))}" cy="${px(y(rateOf(member)))}" r="${onFront ? 4 : 2.5}" opacity="${px(strength)}"><title>${escapeHtml(words)}</title></circle>`
  })
  const line = front
    .map((member, k) => `${k === 0 ? 'M' : 'L'}${px(x(xOf(member)))} ${px(y(rateOf(member)))}`)
    .join('')
  const label = `Output tokens per device-second against ${metric} of every configuration`
  return `<svg viewBox="0 0 640 344" role="img" aria-label="${escapeHtml(label)}">${axes}<path class="line" d="${line}"/>${dots.join('')}</svg>`
}
