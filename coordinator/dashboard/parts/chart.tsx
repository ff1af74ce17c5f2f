import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { AlignedData, Options } from 'uplot'
import { useInk } from '../live/theme.js'
import type { Ink } from '../live/theme.js'
import { useWidth } from '../live/use-width.js'

export interface ChartShape {
  readonly title: string
  readonly height: number
  readonly xLabel: string
  readonly yLabel: string
  /** Series after x, in the order of the data. */
  readonly series: (ink: Ink) => uPlot.Series[]
  readonly bands?: (ink: Ink) => uPlot.Band[]
  readonly x?: uPlot.Scale
  readonly y?: uPlot.Scale
  readonly hooks?: (ink: Ink) => uPlot.Hooks.Arrays
  /** Where x has its ticks; chosen by the chart when absent. */
  readonly xSplits?: number[]
  readonly xTick?: (value: number) => string
  readonly yTick?: (value: number) => string
}

/** Pixels beyond the last place of x: half of its words. */
export const chartRight = 20

const font = '12px ui-sans-serif, system-ui, sans-serif'

function axis(ink: Ink, label: string, tick: ((value: number) => string) | undefined): uPlot.Axis {
  return {
    label,
    font,
    labelFont: font,
    labelSize: 22,
    stroke: ink.dim,
    grid: { stroke: ink.line, width: 1 },
    ticks: { stroke: ink.line, width: 1, size: 4 },
    ...(tick === undefined
      ? {}
      : { values: (_: uPlot, values: number[]) => values.map((value) => tick(value)) }),
  }
}

function optionsOf(shape: ChartShape, ink: Ink, width: number): Options {
  return {
    width,
    height: shape.height,
    padding: [8, chartRight, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 6 } },
    scales: { x: { time: false, ...shape.x }, y: shape.y ?? {} },
    axes: [
      {
        ...axis(ink, shape.xLabel, shape.xTick),
        size: 34,
        ...(shape.xSplits === undefined
          ? {}
          : { splits: shape.xSplits, filter: (_: uPlot, splits: number[]) => splits }),
      },
      { ...axis(ink, shape.yLabel, shape.yTick), size: 52 },
    ],
    series: [{}, ...shape.series(ink)],
    bands: shape.bands?.(ink) ?? [],
    hooks: shape.hooks?.(ink) ?? {},
  }
}

/** A chart of uPlot. `shape` must stay the same object while only the data changes. */
export function Chart({
  shape,
  data,
}: {
  readonly shape: ChartShape
  readonly data: AlignedData
}): JSX.Element {
  const [box, width] = useWidth<HTMLDivElement>()
  const ink = useInk()
  const plot = useRef<uPlot>(undefined)
  const latest = useRef(data)
  latest.current = data

  useEffect(() => {
    if (box.current === null || width === 0) return
    const made = new uPlot(optionsOf(shape, ink, width), latest.current, box.current)
    plot.current = made
    return () => {
      plot.current = undefined
      made.destroy()
    }
  }, [shape, ink, width, box])

  useEffect(() => {
    plot.current?.setData(data)
  }, [data])

  return <div class="chart" ref={box} role="img" aria-label={shape.title} />
}
