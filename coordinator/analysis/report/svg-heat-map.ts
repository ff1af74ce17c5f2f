import { escapeHtml } from './escape.js'
import { stepClass } from './map-paint.js'
import type { MapPaint } from './map-paint.js'
import { logarithmic, px, someOf, textAt, tickWords } from './plot-axis.js'
import type { SliceCell, SurfaceSlice } from './surface-slices.js'

const left = 78
const right = 700
const top = 8

/**
 * Load on a logarithmic axis times input tokens. A cell reaches half-way to the next loads of the
 * slice, so that what is not in the space stays blank; in a sampled surface, to its neighbours in the
 * row, so that there are no holes. Dots are measured, rings audits, dashes told by longer runs.
 */
export function heatMapSvg(slice: SurfaceSlice, paint: MapPaint, loadLabel: string): string {
  const height = Math.max(7, Math.min(38, 420 / slice.inputs.length))
  const bottom = top + height * slice.inputs.length
  const least = slice.loads[0] as number
  const most = slice.loads.at(-1) as number
  const margin = least === most ? 2 : (most / least) ** (0.5 / slice.loads.length)
  const x = logarithmic([least / margin, most * margin], [left, right])
  const rowTop = (input: number) => bottom - height * (slice.inputs.indexOf(input) + 1)
  const rows = slice.inputs.map((input) =>
    slice.cells
      .filter(({ row }) => row.configuration.inputTokens === input)
      .sort((a, b) => a.row.configuration.load - b.row.configuration.load),
  )
  const cells = rows.flatMap((row) => {
    const loadsOf = (cell: SliceCell) => cell.row.configuration.load
    const loads = slice.sampled ? row.map(loadsOf) : slice.loads
    return row.map((each) => {
      const { load, inputTokens } = each.row.configuration
      const place = loads.indexOf(load)
      const edge = (next: number | undefined, border: number) =>
        next === undefined ? border : (x(load) + x(next)) / 2
      const from = edge(loads[place - 1], left)
      const to = edge(loads[place + 1], right)
      const step = stepClass(paint.estimate.steps[each.cell] as number)
      const where = `${tickWords(load)} × ${tickWords(inputTokens)} tokens: `
      return `<rect data-c="${each.cell}" class="${step}" x="${px(from)}" y="${px(rowTop(inputTokens))}" width="${px(to - from)}" height="${px(height)}"><title data-p="${where}">${escapeHtml(where + (paint.words[each.cell] as string))}</title></rect>`
    })
  })
  const radius = Math.min(4, height / 3)
  const marks = slice.cells
    .filter(({ row, audited }) => row.measured || audited || row.harvested === true)
    .map(({ row, audited }) => {
      const { load, inputTokens } = row.configuration
      if (!row.measured && !audited) {
        return toldMark(x(load), rowTop(inputTokens) + height / 2, radius)
      }
      const at = `cx="${px(x(load))}" cy="${px(rowTop(inputTokens) + height / 2)}"`
      const ring = audited ? `<circle class="audit" ${at} r="${px(radius + 2)}"/>` : ''
      return `${ring}<circle class="measured" ${at} r="${px(radius)}"/>`
    })
  const loadTicks = someOf(powers(slice.loads), 9).map((load) =>
    textAt(x(load), bottom + 15, tickWords(load)),
  )
  const inputTicks = someOf(slice.inputs, 14).map((input) =>
    textAt(left - 6, rowTop(input) + height / 2 + 4, tickWords(input), 'end'),
  )
  const label = `${slice.label}: heat map over load and input tokens`
  return `<svg class="map" viewBox="0 0 710 ${px(bottom + 42)}" role="img" aria-label="${escapeHtml(label)}">${cells.join('')}${marks.join('')}${loadTicks.join('')}${inputTicks.join('')}${textAt((left + right) / 2, bottom + 34, loadLabel)}<g transform="translate(14 ${px((top + bottom) / 2)}) rotate(-90)">${textAt(0, 0, 'input tokens')}</g></svg>`
}

/** A dash: no run of its own. */
export const toldMark = (x: number, y: number, radius: number): string =>
  `<rect class="measured" x="${px(x - radius)}" y="${px(y - radius * 0.4)}" width="${px(2 * radius)}" height="${px(0.8 * radius)}"/>`

/** Loads far enough apart on a logarithmic axis for their labels. */
function powers(loads: readonly number[]): number[] {
  const chosen: number[] = []
  for (const load of loads) {
    const last = chosen.at(-1)
    if (last === undefined || load / last >= 1.6) chosen.push(load)
  }
  return chosen
}
