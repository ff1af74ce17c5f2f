import type { JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { ColourScale } from '../../analysis/report/colour-scale.js'
import type { AxisView } from '../../service/http/api.js'
import { percent } from '../../analysis/report/units.js'
import { useInk } from '../live/theme.js'
import { useWidth } from '../live/use-width.js'
import { Numbers } from '../parts/numbers.js'
import type { NumberTable } from '../parts/numbers.js'
import { intervalWords, metricWords } from '../parts/words.js'
import { placeWords } from './axis-controls.js'
import { cellsOf, isInfeasible, markOf, uncertaintyAt } from './grid.js'
import type { Grid, Look, Places } from './grid.js'
import { drawHeatMap } from './heat-map.js'
import type { View } from './heat-map.js'
import { somePlaces } from './ticks.js'

const markWords = {
  measured: 'measured',
  audit: 'measured by an audit',
  next: 'estimated, to be measured next',
  infeasible: 'cannot run here',
  abandoned: 'estimated; its trials were given up',
  harvested: 'told by a longer run',
} as const

/** What a reader is told of one configuration. */
export function cellWords(grid: Grid, index: number): string {
  if (index < 0) return 'not in the space'
  const mark = markOf(grid, index)
  if (isInfeasible(grid, index)) {
    const chance = percent((grid.feasible[index] ?? 0) / 100)
    return mark === 'infeasible' ? 'cannot run here' : `infeasible, ${chance} likely to run`
  }
  const [value = NaN, low = NaN, high = NaN] = [
    grid.value[index],
    grid.low[index],
    grid.high[index],
  ]
  if (!Number.isFinite(value)) return 'not known yet'
  const spread = uncertaintyAt(grid, index)
  const uncertainty = Number.isFinite(spread) ? `, ± ${percent(spread)}` : ''
  const words = mark === undefined ? 'estimated' : markWords[mark]
  return `${metricWords(grid.metric)} ${intervalWords(grid.metric, { value, low, high })}${uncertainty}, ${words}`
}

/** At most `count` values of an axis with where they stand, first and last among them. */
function ticksOf({ values }: AxisView, count: number): { words: string; at: number }[] {
  return somePlaces(values.length, count).map((digit) => ({
    words:
      typeof values[digit] === 'number'
        ? values[digit].toLocaleString('en')
        : String(values[digit]),
    at: (digit + 0.5) / values.length,
  }))
}

export function SurfaceMap({
  places,
  grid,
  look,
  view,
  scale,
  onLook,
}: {
  readonly places: Places
  readonly grid: Grid
  readonly look: Look
  readonly view: View
  readonly scale: ColourScale
  readonly onLook: (look: Look) => void
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [frame, width] = useWidth<HTMLDivElement>()
  const ink = useInk()
  const x = places.space.axes[look.x] as AxisView
  const y = places.space.axes[look.y] as AxisView
  const cells = useMemo(() => cellsOf(places, look), [places, look.x, look.y, ...look.digits])
  const [columns, rows] = [x.values.length, y.values.length]
  const cursor = { column: look.digits[look.x] ?? 0, row: look.digits[look.y] ?? 0 }
  const height = Math.round(Math.min(460, Math.max(160, rows * 34, width * 0.32)))

  useEffect(() => {
    if (canvas.current === null || width === 0) return
    drawHeatMap(canvas.current, { grid, cells, columns, rows, scale, view, cursor, ink })
  }, [grid, cells, columns, rows, scale, view, cursor.column, cursor.row, ink, width, height])

  const move = (column: number, row: number) => {
    const digits = look.digits
      .with(look.x, Math.min(columns - 1, Math.max(0, column)))
      .with(look.y, Math.min(rows - 1, Math.max(0, row)))
    onLook({ ...look, digits })
  }
  const pointed = (event: PointerEvent) => {
    if (event.type === 'pointermove' && event.pointerType !== 'mouse') return
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns)
    const row = rows - 1 - Math.floor(((event.clientY - box.top) / box.height) * rows)
    if (column !== cursor.column || row !== cursor.row) move(column, row)
  }
  const steered = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(cursor.column + step[0], cursor.row + step[1])
  }
  const index = cells[cursor.row * columns + cursor.column] ?? -1
  const here = [
    `${x.label} ${placeWords(x, x.values[cursor.column])}`,
    `${y.label} ${placeWords(y, y.values[cursor.row])}`,
  ].join(', ')
  return (
    <figure class="map">
      <figcaption class="readout" aria-live="polite">
        <span class="dim">{here}</span> <strong>{cellWords(grid, index)}</strong>
      </figcaption>
      <div class="plot">
        <span class="axis-name up">
          {y.label}
          {y.unit === '' ? '' : ` (${y.unit})`}
        </span>
        <div class="y-ticks" aria-hidden="true">
          {ticksOf(y, Math.floor(height / 30)).map(({ words, at }) => (
            <span key={words} style={{ bottom: `${at * 100}%` }}>
              {words}
            </span>
          ))}
        </div>
        <div
          class="canvas"
          ref={frame}
          tabIndex={0}
          role="application"
          aria-roledescription="heat map"
          aria-label={`${metricWords(grid.metric)} over ${x.label} and ${y.label}; arrow keys move over its configurations`}
          onKeyDown={steered}
          onPointerMove={pointed}
          onPointerDown={pointed}
          style={{ height: `${height}px` }}
        >
          <canvas ref={canvas} />
        </div>
        <div class="x-ticks" aria-hidden="true">
          {ticksOf(x, Math.floor(width / 64)).map(({ words, at }) => (
            <span key={words} style={{ left: `${at * 100}%` }}>
              {words}
            </span>
          ))}
        </div>
        <span class="axis-name across">
          {x.label}
          {x.unit === '' ? '' : ` (${x.unit})`}
        </span>
      </div>
      <Numbers title="This map in numbers" table={() => tableOf(grid, cells, x, y)} />
    </figure>
  )
}

function tableOf(grid: Grid, cells: Int32Array, x: AxisView, y: AxisView): NumberTable {
  const rows: string[][] = []
  cells.forEach((index, cell) => {
    if (index < 0) return
    rows.push([
      placeWords(x, x.values[cell % x.values.length]),
      placeWords(y, y.values[Math.floor(cell / x.values.length)]),
      cellWords(grid, index),
    ])
  })
  return { columns: [x.label, y.label, metricWords(grid.metric)], rows }
}
