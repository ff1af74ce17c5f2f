import type { JSX } from 'preact'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { isSurfaceMetric } from '../../../shared/domain/metric.js'
import { colourScale } from '../../analysis/report/colour-scale.js'
import type { SweepView } from '../../service/http/api.js'
import { Refusal, Select } from '../parts/small.js'
import { metricWords } from '../parts/words.js'
import { AxisControls } from './axis-controls.js'
import { firstLook, isInfeasible, markOf, uncertaintyAt } from './grid.js'
import type { Grid, Look, Places } from './grid.js'
import { views } from './heat-map.js'
import type { View } from './heat-map.js'
import { MapLegend } from './map-legend.js'
import { Slices } from './slices.js'
import { SurfaceMap } from './surface-map.js'
import { useSurface } from './use-surface.js'

/** One scale over the whole space, so that what is fixed on a slider changes no colour. */
function scaleOf(grid: Grid, view: View) {
  const values: number[] = []
  for (let index = 0; index < grid.value.length; index += 1) {
    if (isInfeasible(grid, index)) continue
    values.push(view === 'estimate' ? (grid.value[index] as number) : uncertaintyAt(grid, index))
  }
  return colourScale(values)
}

/** Any metric over any two axes, the others on sliders. */
export function SurfaceTab({
  sweep,
  view: { spec },
}: {
  readonly sweep: string
  readonly view: SweepView
}): JSX.Element {
  const metrics: readonly string[] = spec.metrics.filter(isSurfaceMetric)
  const [metric, setMetric] = useState(metrics[0] ?? '')
  const [view, setView] = useState<View>('estimate')
  const [look, setLook] = useState<Look>()
  const { places, grid, refused } = useSurface(sweep, metric)
  const space = places?.space
  useEffect(() => {
    if (space !== undefined) setLook((before) => before ?? firstLook(space))
  }, [space])
  if (metrics.length === 0) {
    return <p class="empty">This sweep asks for no metric that a surface can be of.</p>
  }
  const shown = look ?? (space === undefined ? undefined : firstLook(space))
  return (
    <section class="surface">
      <div class="controls">
        <Select
          label="Metric"
          value={metric}
          options={metrics}
          words={metricWords}
          onPick={setMetric}
        />
        <Select label="Show" value={view} options={views} onPick={setView} />
        {space !== undefined && shown !== undefined && (
          <AxisControls space={space} look={shown} onLook={setLook} />
        )}
      </div>
      {places === undefined || grid === undefined || shown === undefined ? (
        refused === undefined ? (
          <p class="note">Reading the surface …</p>
        ) : refused.status === 404 ? (
          <p class="empty">No surface yet: it begins with the first measurements.</p>
        ) : (
          <Refusal error={refused} />
        )
      ) : (
        <Shown places={places} grid={grid} look={shown} view={view} onLook={setLook} />
      )}
    </section>
  )
}

function Shown({
  places,
  grid,
  look,
  view,
  onLook,
}: {
  readonly places: Places
  readonly grid: Grid
  readonly look: Look
  readonly view: View
  readonly onLook: (look: Look) => void
}): JSX.Element {
  const scale = useMemo(() => scaleOf(grid, view), [grid, view])
  const harvested = useMemo(
    () => grid.marks.some((_, index) => markOf(grid, index) === 'harvested'),
    [grid],
  )
  return (
    <>
      <SurfaceMap
        places={places}
        grid={grid}
        look={look}
        view={view}
        scale={scale}
        onLook={onLook}
      />
      <MapLegend metric={grid.metric} view={view} scale={scale} harvested={harvested} />
      <Slices places={places} grid={grid} look={look} />
    </>
  )
}
