import type { MetricName } from '../../../shared/domain/metric.js'
import { escapeHtml } from './escape.js'
import { axesSvg, linear, px, roundTicks } from './plot-axis.js'
import type { Report } from './report.js'

const frame = { left: 64, right: 470, top: 14, bottom: 190 }

interface Step {
  readonly cost: number
  readonly value: number
  readonly low: number
  readonly high: number
}

function stepsOf(report: Report, metric: MetricName): Step[] {
  return report.curve.flatMap(({ deviceSeconds, accuracy }) => {
    const found = accuracy.find((each) => each.metric === metric && each.calibrated)
    if (found === undefined || !Number.isFinite(found.accuracy.value)) return []
    const percent = (share: number) => (Number.isFinite(share) ? share : found.accuracy.value) * 100
    const { value, low, high } = found.accuracy
    return [{ cost: deviceSeconds, value: percent(value), low: percent(low), high: percent(high) }]
  })
}

/**
 * Accuracy against what it cost: a step function, because a claim holds until the next one. Only
 * calibrated claims are drawn; undefined where there is none yet.
 */
export function accuracyCurveSvg(report: Report, metric: MetricName): string | undefined {
  const steps = stepsOf(report, metric)
  const first = steps[0]
  if (first === undefined) return undefined
  // The last claim holds on: a little room shows it.
  const end = Math.max(report.curve.at(-1)?.deviceSeconds ?? 0, first.cost) * 1.05
  const low = Math.max(0, Math.min(...steps.map((step) => step.low), 90))
  const x = linear([0, end], [frame.left, frame.right])
  const y = linear([Math.floor(low), 100], [frame.bottom, frame.top])
  const inside = (share: number) => y(Math.min(100, Math.max(Math.floor(low), share)))
  const path = (heights: readonly number[]): string =>
    heights.map((height, k) => `H${px(x((steps[k] as Step).cost))}V${px(inside(height))}`).join('')
  const upper = `M${px(x(first.cost))} ${px(inside(first.high))}${path(steps.map((step) => step.high))}H${px(x(end))}`
  const lower = [...steps]
    .reverse()
    .map((step) => `V${px(inside(step.low))}H${px(x(step.cost))}`)
    .join('')
  const middle = `M${px(x(first.cost))} ${px(inside(first.value))}${path(steps.map((step) => step.value))}H${px(x(end))}`
  const goal = report.status.goalAccuracy * 100
  const axes = axesSvg({
    frame,
    x: { at: x, ticks: roundTicks(0, end), label: 'cost (device-s)' },
    y: { at: y, ticks: roundTicks(Math.floor(low), 100), label: 'accuracy (%)' },
  })
  const goalLine =
    goal >= Math.floor(low)
      ? `<path class="goal" d="M${px(frame.left)} ${px(y(goal))}H${px(frame.right)}"><title>goal</title></path>`
      : ''
  return `<svg viewBox="0 0 480 232" role="img" aria-label="${escapeHtml(`Accuracy of ${metric} against cost`)}">${axes}<path class="band" d="${upper}${lower}Z"/>${goalLine}<path class="line" d="${middle}"/></svg>`
}
