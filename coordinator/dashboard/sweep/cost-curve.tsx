import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { AlignedData } from 'uplot'
import uPlot from 'uplot'
import type { CurveView, StatusView } from '../../service/http/api.js'
import { deviceSeconds, percentInterval, wholeNumber } from '../../analysis/report/units.js'
import type { Ink } from '../live/theme.js'
import { useLoaded } from '../live/use-loaded.js'
import { Chart } from '../parts/chart.js'
import type { ChartShape } from '../parts/chart.js'
import { Numbers } from '../parts/numbers.js'
import { Select } from '../parts/small.js'
import { metricWords } from '../parts/words.js'
import { worstClaim } from './claims.js'

interface Steps {
  readonly cost: number[]
  readonly value: number[]
  readonly low: number[]
  readonly high: number[]
}

/** Only calibrated claims: before them there is nothing to draw. In per cent. */
function stepsOf({ points }: CurveView, metric: string): Steps {
  const steps: Steps = { cost: [], value: [], low: [], high: [] }
  for (const { deviceSeconds: cost, accuracy } of points) {
    const found = accuracy.find((each) => each.metric === metric)
    if (found?.calibrated !== true || !Number.isFinite(found.accuracy.value)) continue
    const { value, low, high } = found.accuracy
    steps.cost.push(cost)
    steps.value.push(value * 100)
    steps.low.push((Number.isFinite(low) ? low : value) * 100)
    steps.high.push((Number.isFinite(high) ? high : value) * 100)
  }
  return steps
}

function goalLine(goal: number, ink: Ink): uPlot.Hooks.Arrays {
  return {
    draw: [
      (plot) => {
        const { ctx, bbox } = plot
        const y = plot.valToPos(goal * 100, 'y', true)
        ctx.save()
        ctx.strokeStyle = ink.ink
        ctx.lineWidth = 1
        ctx.setLineDash([5, 4])
        ctx.beginPath()
        ctx.moveTo(bbox.left, y)
        ctx.lineTo(bbox.left + bbox.width, y)
        ctx.stroke()
        ctx.restore()
      },
    ],
  }
}

function shapeOf(metric: string, goal: number): ChartShape {
  const stepped = uPlot.paths.stepped?.({ align: 1 })
  const paths = stepped === undefined ? {} : { paths: stepped }
  const edge = (ink: Ink): uPlot.Series => ({
    stroke: 'transparent',
    fill: ink.band,
    points: { show: false },
    ...paths,
  })
  return {
    title: `Accuracy of ${metricWords(metric)} against what it cost; the dashed line is the goal`,
    height: 260,
    xLabel: 'cost (device-s)',
    yLabel: 'accuracy (%)',
    series: (ink) => [
      edge(ink),
      { ...edge(ink), fill: 'transparent' },
      { stroke: ink.accent, width: 2, points: { show: false }, ...paths },
    ],
    bands: (ink) => [{ series: [1, 2], fill: ink.band }],
    y: {
      range: (_, low) => {
        const least = Number.isFinite(low) ? low : goal * 100
        return [Math.max(0, Math.floor(Math.min(least, goal * 100) - 2)), 100]
      },
    },
    hooks: (ink) => goalLine(goal, ink),
  }
}

/** How accuracy grew with what was spent. */
export function CostCurve({
  sweep,
  status,
}: {
  readonly sweep: string
  readonly status: StatusView
}): JSX.Element {
  const { value: curve, reload } = useLoaded<CurveView>(`sweeps/${encodeURIComponent(sweep)}/curve`)
  useEffect(reload, [reload, status.measured, status.audits])
  const metrics = status.accuracy.map(({ metric }) => metric as string)
  const [picked, setPicked] = useState<string>()
  const metric = picked ?? worstClaim(status)?.metric ?? metrics[0] ?? ''
  const shape = useMemo(() => shapeOf(metric, status.goalAccuracy), [metric, status.goalAccuracy])
  const steps = useMemo(
    () => (curve === undefined ? undefined : stepsOf(curve, metric)),
    [curve, metric],
  )
  const data = useMemo<AlignedData>(
    () => (steps === undefined ? [[]] : [steps.cost, steps.high, steps.low, steps.value]),
    [steps],
  )
  const why = status.accuracy.find((each) => each.metric === metric)?.why
  return (
    <section>
      <div class="with-controls">
        <h2>Accuracy against cost</h2>
        {metrics.length > 1 && (
          <Select
            label="Metric"
            value={metric}
            options={metrics}
            words={metricWords}
            onPick={setPicked}
          />
        )}
      </div>
      {steps === undefined || steps.cost.length === 0 ? (
        <p class="empty">Not yet calibrated{why === undefined ? '' : `: ${why}`}.</p>
      ) : (
        <>
          <Chart shape={shape} data={data} />
          <Numbers
            title="The curve in numbers"
            table={() => ({
              columns: ['spent', 'measured', `accuracy of ${metricWords(metric)}`],
              rows: (curve?.points ?? []).map((point) => {
                const found = point.accuracy.find((each) => each.metric === metric)
                const known = found?.calibrated === true
                return [
                  deviceSeconds(point.deviceSeconds),
                  wholeNumber(point.measured),
                  known ? percentInterval(found.accuracy) : 'not yet calibrated',
                ]
              }),
            })}
          />
        </>
      )}
    </section>
  )
}
