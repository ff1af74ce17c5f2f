/** The questions that a recorded grid is asked: traffic, limit, prices. */
const dist = new URL('../../../dist/', import.meta.url)
const load = (path) => import(new URL(path, dist))
const { shapesOf } = await load('coordinator/decision/traffic.js')
const { mergedBook, bookOf } = await load('shared/domain/price-book.js')
const { quantile, sorted } = await load('shared/stats/quantile.js')

const latencies = ['itl', 'tpot', 'ttft', 'batch_ttft', 'e2e']
/** Shapes of a grid that are asked about: spread evenly over those with enough rows to choose from. */
const mostShapes = 6
const fewestRows = 4

/** USD per device-hour; only their ratios matter. */
const rents = {
  a100: 1.4,
  a100_sxm: 1.4,
  h100: 2.5,
  h100_sxm: 2.5,
  h200: 3.2,
  h200_sxm: 3.2,
  b200: 4.5,
  b200_sxm: 4.5,
  gh200: 2.2,
  l40s: 0.9,
  mi210: 0.9,
  mi250: 1.1,
  mi300x: 2,
  b300: 6,
  'b300-sxm6': 6,
}

function roundNumber(value) {
  const power = 10 ** Math.floor(Math.log10(value))
  const digits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
  return digits
    .map((digit) => digit * power)
    .reduce((best, each) =>
      Math.abs(Math.log(each / value)) < Math.abs(Math.log(best / value)) ? each : best,
    )
}

/** Names of price lists and the lists; one of them where hardware does not vary. */
function pricesOf(grid) {
  const classes = [...new Set(grid.configurations.map(({ hardware }) => hardware))]
  const equal = Object.fromEntries(classes.map((name) => [name, 1]))
  if (classes.length === 1) return [['equal', equal]]
  const list = Object.fromEntries(classes.map((name) => [name, rents[name.toLowerCase()] ?? 1]))
  const ascending = [...classes].sort((a, b) => list[a] - list[b])
  const turned = Object.fromEntries(
    ascending.map((name, k) => [name, list[ascending[ascending.length - 1 - k]]]),
  )
  return [
    ['equal', equal],
    ['rents', list],
    ['turned', turned],
  ]
}

export function casesOf(grid, truth) {
  const metric = latencies.find((name) => grid.metrics.includes(name))
  if (metric === undefined) return []
  const shapes = shapesOf(truth).filter(
    (shape) =>
      grid.configurations.filter(
        (each) =>
          each.inputTokens === shape.inputTokens && each.outputTokens === shape.outputTokens,
      ).length >= fewestRows,
  )
  const chosen =
    shapes.length <= mostShapes
      ? shapes
      : Array.from(
          { length: mostShapes },
          (_, k) => shapes[Math.round((k * (shapes.length - 1)) / (mostShapes - 1))],
        )
  const traffics = ['any', ...chosen.map((shape) => [shape])]
  return traffics.flatMap((traffic) => {
    const rows = grid.truth[metric].filter((_, row) => {
      if (traffic === 'any') return true
      const each = grid.configurations[row]
      return (
        each.inputTokens === traffic[0].inputTokens && each.outputTokens === traffic[0].outputTokens
      )
    })
    const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(sorted(rows), share))
    const limits = [...new Set(traffic === 'any' ? quartiles : quartiles.map(roundNumber))]
    return limits.flatMap((limitSeconds) =>
      pricesOf(grid).map(([name, prices]) => ({
        traffic,
        slo: [{ metric, limitSeconds }],
        priceName: name,
        prices: mergedBook(bookOf(prices)),
      })),
    )
  })
}
