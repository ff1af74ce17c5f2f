import { colours } from '../../analysis/report/colour-scale.js'
import type { ColourScale } from '../../analysis/report/colour-scale.js'
import type { Ink } from '../live/theme.js'
import { isInfeasible, markOf, uncertaintyAt } from './grid.js'
import type { Grid } from './grid.js'

export const views = ['estimate', 'uncertainty'] as const
export type View = (typeof views)[number]

export interface HeatMap {
  readonly grid: Grid
  readonly cells: Int32Array
  readonly columns: number
  readonly rows: number
  readonly scale: ColourScale
  readonly view: View
  readonly cursor: { readonly column: number; readonly row: number }
  readonly ink: Ink
}

/** Cells with smaller sides carry no marks but a dot. */
const markSide = 9

function hatchOf(context: CanvasRenderingContext2D, ink: Ink): CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = 7
  tile.height = 7
  const brush = tile.getContext('2d')
  if (brush === null) return ink.line
  brush.strokeStyle = ink.dim
  brush.lineWidth = 1
  brush.beginPath()
  for (const shift of [-7, 0, 7]) {
    brush.moveTo(shift, 7)
    brush.lineTo(shift + 7, 0)
  }
  brush.stroke()
  return context.createPattern(tile, 'repeat') ?? ink.line
}

function mark(
  context: CanvasRenderingContext2D,
  kind: string,
  x: number,
  y: number,
  radius: number,
  ink: Ink,
): void {
  const disc = (r: number, fill: string, stroke: string, width: number) => {
    context.beginPath()
    context.arc(x, y, r, 0, 2 * Math.PI)
    context.fillStyle = fill
    context.fill()
    context.lineWidth = width
    context.strokeStyle = stroke
    context.stroke()
  }
  if (kind === 'next') {
    context.beginPath()
    context.moveTo(x, y - radius * 1.3)
    context.lineTo(x + radius * 1.3, y)
    context.lineTo(x, y + radius * 1.3)
    context.lineTo(x - radius * 1.3, y)
    context.closePath()
    context.fillStyle = ink.paper
    context.fill()
    context.lineWidth = 1.5
    context.strokeStyle = ink.accent
    context.stroke()
    return
  }
  if (kind === 'harvested') {
    context.beginPath()
    context.rect(x - radius, y - radius * 0.4, radius * 2, radius * 0.8)
    context.fillStyle = '#ffffff'
    context.fill()
    context.lineWidth = 1
    context.strokeStyle = '#000000'
    context.stroke()
    return
  }
  if (kind === 'audit') disc(radius * 1.5, 'transparent', '#ffffff', 1.6)
  if (kind === 'audit' || kind === 'measured') disc(radius * 0.8, '#ffffff', '#000000', 1)
}

/** Draws the cells in view; the least y is at the bottom. */
export function drawHeatMap(canvas: HTMLCanvasElement, map: HeatMap): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const ratio = devicePixelRatio
  const width = canvas.clientWidth
  const height = canvas.clientHeight
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  context.scale(ratio, ratio)
  context.clearRect(0, 0, width, height)
  const { grid, cells, columns, rows, scale, view, ink } = map
  const side = { x: width / columns, y: height / rows }
  const hatch = hatchOf(context, ink)
  const gap = Math.min(side.x, side.y) > 6 ? 1 : 0
  const placed: { kind: string; x: number; y: number }[] = []
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const index = cells[row * columns + column] ?? -1
      if (index < 0) continue
      const left = Math.round(column * side.x)
      const top = Math.round((rows - 1 - row) * side.y)
      const right = Math.round((column + 1) * side.x) - gap
      const bottom = Math.round((rows - row) * side.y) - gap
      const value = view === 'estimate' ? (grid.value[index] ?? NaN) : uncertaintyAt(grid, index)
      const infeasible = isInfeasible(grid, index)
      context.fillStyle = infeasible ? hatch : (colours[scale.step(value)] ?? ink.line)
      context.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top))
      const kind = markOf(grid, index)
      if (kind !== undefined) placed.push({ kind, x: (left + right) / 2, y: (top + bottom) / 2 })
    }
  }
  const least = Math.min(side.x, side.y)
  const radius = least >= markSide ? Math.min(5.5, least / 3.2) : 1.6
  for (const { kind, x, y } of placed) mark(context, kind, x, y, radius, ink)
  const { cursor } = map
  const [left, top] = [
    Math.round(cursor.column * side.x),
    Math.round((rows - 1 - cursor.row) * side.y),
  ]
  const [across, up] = [
    Math.max(3, Math.round(side.x) - gap),
    Math.max(3, Math.round(side.y) - gap),
  ]
  // Light in dark: seen on every colour of the map.
  for (const [width, colour, inset] of [
    [4, '#000000', 1],
    [2, '#ffffff', 1],
  ] as const) {
    context.lineWidth = width
    context.strokeStyle = colour
    context.strokeRect(left + inset, top + inset, Math.max(2, across - 2), Math.max(2, up - 2))
  }
}
