import type { EvaluateRow, ScoreRow } from '../../coordinator/analysis/evaluate/evaluate.js'

/** Okabe-Ito: told apart by readers with any colour vision. */
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']
const width = 760
const panelHeight = 300
const margin = { left: 60, right: 190, top: 34, bottom: 44 }

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`)

/**
 * Accuracy against cost as SVG, a panel per grid: cost share on a log axis, accuracy as steps (it
 * holds until the next checkpoint), the band from p10 to p90 over the seeds.
 */
export function accuracyPlot(rows: readonly EvaluateRow[]): string {
  const scores = rows.filter((row) => row.kind === 'score')
  const grids = [...new Set(scores.map(({ grid }) => grid))]
  const panels = grids.map((grid, index) =>
    panel(
      grid,
      scores.filter((row) => row.grid === grid),
      index * panelHeight,
    ),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${panelHeight * grids.length}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...panels,
    '</svg>\n',
  ].join('\n')
}

function panel(grid: string, rows: readonly ScoreRow[], top: number): string {
  const shares = rows.map(({ share }) => share)
  const low = Math.min(...shares)
  const high = Math.max(...shares, low * 1.01)
  const x = (share: number) =>
    margin.left +
    (Math.log(share / low) / Math.log(high / low)) * (width - margin.left - margin.right)
  const y = (accuracy: number) =>
    top + margin.top + (1 - Math.max(0, accuracy)) * (panelHeight - margin.top - margin.bottom)
  const ticks = [0, 0.25, 0.5, 0.75, 0.9, 1].map(
    (value) =>
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
      `<text x="${margin.left - 8}" y="${y(value) + 4}" text-anchor="end">${100 * value} %</text>`,
  )
  const shareTicks = [...new Set(shares)].map(
    (share) =>
      `<text x="${x(share)}" y="${top + panelHeight - margin.bottom + 16}" text-anchor="middle">${Number((100 * share).toPrecision(3))}</text>`,
  )
  const strategies = [...new Set(rows.map(({ strategy }) => strategy))]
  const curves = strategies.map((strategy, index) =>
    curve(
      strategy,
      rows.filter((row) => row.strategy === strategy),
      colours[index % colours.length] as string,
      { x, y, legendY: top + margin.top + 16 * index },
    ),
  )
  return [
    `<text x="${margin.left}" y="${top + 20}" font-weight="bold">${escapeXml(grid)}: accuracy over the whole grid</text>`,
    ...ticks,
    ...shareTicks,
    `<text x="${(margin.left + width - margin.right) / 2}" y="${top + panelHeight - 8}" text-anchor="middle">share of the full grid’s device-seconds, %</text>`,
    ...curves,
  ].join('\n')
}

function curve(
  strategy: string,
  rows: readonly ScoreRow[],
  colour: string,
  place: { x: (share: number) => number; y: (accuracy: number) => number; legendY: number },
): string {
  const { x, y, legendY } = place
  const points = rows.flatMap(({ share, scores: { error } }) =>
    error === undefined ? [] : [{ share, error }],
  )
  const steps = (pick: (error: { median: number; p10: number; p90: number }) => number) =>
    points.flatMap(({ share, error }, index) => {
      const next = points[index + 1]?.share ?? share
      return [`${x(share)},${y(1 - pick(error))}`, `${x(next)},${y(1 - pick(error))}`]
    })
  const band = [...steps(({ p10 }) => p10), ...steps(({ p90 }) => p90).reverse()]
  return [
    `<polygon points="${band.join(' ')}" fill="${colour}" opacity="0.15"/>`,
    `<polyline points="${steps(({ median }) => median).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    `<rect x="${width - margin.right + 16}" y="${legendY}" width="12" height="3" fill="${colour}"/>`,
    `<text x="${width - margin.right + 34}" y="${legendY + 6}">${escapeXml(strategy)}</text>`,
  ].join('\n')
}
