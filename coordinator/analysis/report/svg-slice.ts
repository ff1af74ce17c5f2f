import type { MetricName } from '../../../shared/domain/metric.js'
import { escapeHtml } from './escape.js'
import { isInfeasible } from './map-paint.js'
import { axesSvg, linear, px, roundTicks, someOf, textAt, tickWords } from './plot-axis.js'
import type { SurfaceSlice } from './surface-slices.js'
import { metricScale } from './units.js'

const frame = { left: 72, right: 600, top: 14, bottom: 230 }

/** One metric over load at the least, a middle and the greatest input, with 90 % bands. */
export function sliceSvg(
  slice: SurfaceSlice,
  metric: MetricName,
  loadLabel: string,
): string | undefined {
  const lines = someOf(slice.inputs, 3).flatMap((input) => {
    const points = slice.cells.flatMap(({ row, audited }) => {
      const found = row.estimates[metric]
      if (row.configuration.inputTokens !== input || isInfeasible(row)) return []
      if (found === undefined || !Number.isFinite(found.value)) return []
      const bound = (value: number) => (Number.isFinite(value) ? value : found.value)
      const { load } = row.configuration
      const { value } = found
      const { measured } = row
      return [{ load, value, low: bound(found.low), high: bound(found.high), measured, audited }]
    })
    return points.length === 0 ? [] : [{ input, points: points.sort((a, b) => a.load - b.load) }]
  })
  const all = lines.flatMap(({ points }) => points)
  if (all.length === 0) return undefined
  // A band that nothing is known of must not flatten the lines.
  const ceiling = 2 * all.reduce((most, { value }) => Math.max(most, value), 0)
  const highest = Math.min(
    ceiling,
    all.reduce((most, { high }) => Math.max(most, high), 0),
  )
  const unit = metricScale(metric, highest)
  const loads = all.map(({ load }) => load)
  const [least, most] = [Math.min(...loads), Math.max(...loads)]
  const x = linear([least, most], [frame.left + 8, frame.right - 8])
  const y = linear([0, highest * unit.perBase], [frame.bottom, frame.top])
  const place = (value: number) => px(y(Math.max(0, Math.min(highest, value)) * unit.perBase))
  const drawn = lines.map(({ input, points }, k) => {
    const at = (load: number, value: number) => `${px(x(load))} ${place(value)}`
    const line = points.map(({ load, value }) => at(load, value)).join('L')
    const over = points.map(({ load, high }) => at(load, high)).join('L')
    const under = [...points]
      .reverse()
      .map(({ load, low }) => at(load, low))
      .join('L')
    const marks = points
      .filter(({ measured }) => measured)
      .map(({ load, value, low, high, audited }) => {
        const ring = audited
          ? `<circle class="audit-line" cx="${px(x(load))}" cy="${place(value)}" r="5.5"/>`
          : ''
        return `<path class="whisker s${k}" d="M${at(load, low)}V${place(high)}"/>${ring}<circle class="dot s${k}" cx="${px(x(load))}" cy="${place(value)}" r="3"/>`
      })
    const last = points.at(-1)
    const name =
      last === undefined
        ? ''
        : textAt(
            x(last.load) + 12,
            y(Math.min(highest, last.value) * unit.perBase) + 4,
            `${tickWords(input)} in`,
            'start',
          )
    return `<path class="band s${k}" d="M${over}L${under}Z"/><path class="line s${k}" d="M${line}"/>${marks.join('')}${name}`
  })
  const axes = axesSvg({
    frame,
    x: { at: x, ticks: roundTicks(least, most, 8), label: loadLabel },
    y: {
      at: y,
      ticks: roundTicks(0, highest * unit.perBase),
      label: `${metric} (${unit.unit})`,
    },
  })
  return `<svg viewBox="0 0 690 272" role="img" aria-label="${escapeHtml(`${metric} over load, ${slice.label}`)}">${axes}${drawn.join('')}</svg>`
}
