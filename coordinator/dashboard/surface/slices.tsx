import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { AlignedData } from 'uplot'
import type uPlot from 'uplot'
import { metricScale } from '../../analysis/report/units.js'
import type { AxisView } from '../../service/http/api.js'
import type { Ink } from '../live/theme.js'
import { Chart } from '../parts/chart.js'
import type { ChartShape } from '../parts/chart.js'
import { isMetric, metricWords } from '../parts/words.js'
import { placeWords } from './axis-controls.js'
import { isInfeasible, lineOf, markOf } from './grid.js'
import type { Grid, Look, Places } from './grid.js'
import { growsByFactors, somePlaces } from './ticks.js'

interface Cut {
  readonly axis: AxisView
  readonly numbers: readonly number[]
}

const mostTicks = 8
// Of a constant enum, which is no value when modules are built one by one.
const logarithmic: unknown = 3

/** Of an axis that grows by factors: logarithmic, with its own values as ticks. */
function growing(values: AxisView['values']): Pick<ChartShape, 'x' | 'xSplits' | 'xTick'> {
  const numbers = values.filter((value) => typeof value === 'number')
  if (!growsByFactors(numbers)) return {}
  return {
    x: {
      distr: logarithmic as uPlot.Scale.Distr,
      range: [Math.min(...numbers), Math.max(...numbers)],
    },
    xSplits: somePlaces(numbers.length, mostTicks).flatMap((place) => numbers[place] ?? []),
    xTick: (value) => value.toLocaleString('en'),
  }
}

function shapeOf(axis: AxisView, metric: string, unit: string, title: string): ChartShape {
  const numeric = typeof axis.values[0] === 'number'
  const dots = (ink: Ink): uPlot.Series => ({
    stroke: ink.ink,
    width: 0,
    points: { show: true, size: 8, fill: ink.paper, stroke: ink.ink, width: 1.5 },
  })
  return {
    title,
    height: 210,
    xLabel: axis.unit === '' ? axis.label : `${axis.label} (${axis.unit})`,
    yLabel: `${metricWords(metric)} (${unit})`,
    series: (ink) => [
      { stroke: 'transparent', points: { show: false }, spanGaps: false },
      { stroke: 'transparent', points: { show: false }, spanGaps: false },
      { stroke: ink.accent, width: 2, points: { show: false }, spanGaps: false },
      dots(ink),
    ],
    bands: (ink) => [{ series: [1, 2], fill: ink.band }],
    y: { range: (_, _low, high) => [0, high > 0 ? high * 1.06 : 1] },
    ...(numeric
      ? growing(axis.values)
      : {
          xTick: (value: number) =>
            Number.isInteger(value) ? String(axis.values[value] ?? '') : '',
        }),
  }
}

function dataOf({ axis, numbers }: Cut, grid: Grid, perBase: number): AlignedData {
  const known = numbers.map((index) => index >= 0 && !isInfeasible(grid, index))
  const column = (of: Float32Array) =>
    numbers.map((index, k) => {
      const value = known[k] === true ? (of[index] ?? NaN) : NaN
      return Number.isFinite(value) ? value * perBase : null
    })
  const values = column(grid.value)
  const ceiling = 2 * Math.max(...values.map((value) => value ?? 0))
  // A band that nothing is known of must not flatten the line.
  const high = column(grid.high).map((value, k) => Math.min(value ?? values[k] ?? 0, ceiling))
  return [
    axis.values.map((value, k) => (typeof value === 'number' ? value : k)),
    high.map((value, k) => (values[k] === null ? null : value)),
    column(grid.low).map((value, k) => value ?? values[k] ?? null),
    values,
    numbers.map((index, k) => {
      const mark = index < 0 ? undefined : markOf(grid, index)
      return mark === 'measured' || mark === 'audit' ? (values[k] ?? null) : null
    }),
  ]
}

/** The metric along each axis in view, through the cursor, with its 90 % band. */
export function Slices({
  places,
  grid,
  look,
}: {
  readonly places: Places
  readonly grid: Grid
  readonly look: Look
}): JSX.Element {
  return (
    <div class="columns even">
      {[look.x, look.y].map((axis, k) => (
        <Slice key={`${k} ${axis}`} places={places} grid={grid} look={look} axis={axis} />
      ))}
    </div>
  )
}

function Slice({
  places,
  grid,
  look,
  axis,
}: {
  readonly places: Places
  readonly grid: Grid
  readonly look: Look
  readonly axis: number
}): JSX.Element {
  const view = places.space.axes[axis] as AxisView
  const cut = useMemo<Cut>(
    () => ({ axis: view, numbers: lineOf(places, look, axis) }),
    [places, axis, view, ...look.digits],
  )
  const middle = cut.numbers.reduce((most, index) => Math.max(most, grid.value[index] ?? 0), 0)
  const scale = isMetric(grid.metric) ? metricScale(grid.metric, middle) : { unit: '', perBase: 1 }
  const others = places.space.axes
    .filter(({ values }, number) => number !== axis && values.length > 1)
    .map((other) => {
      const digit = look.digits[places.space.axes.indexOf(other)] ?? 0
      return `${other.label} ${placeWords(other, other.values[digit])}`
    })
    .join(', ')
  const title = `${metricWords(grid.metric)} over ${view.label}`
  const shape = useMemo(
    () => shapeOf(view, grid.metric, scale.unit, title),
    [view, grid.metric, scale.unit, title],
  )
  const data = useMemo(() => dataOf(cut, grid, scale.perBase), [cut, grid, scale.perBase])
  return (
    <section>
      <h3>{title}</h3>
      <p class="note">{others === '' ? '' : `at ${others}; `}90 % band, circles are measurements</p>
      <Chart shape={shape} data={data} />
    </section>
  )
}
