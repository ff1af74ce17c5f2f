/** Campaigns, one object each, as the markdown tables of docs/BENCHMARKS.md. */

const quantile = (values, share) => {
  const ranked = [...values].sort((a, b) => a - b)
  if (ranked.length === 0) return NaN
  const at = (ranked.length - 1) * share
  const low = Math.floor(at)
  const high = Math.ceil(at)
  return ranked[low] + (ranked[high] - ranked[low]) * (at - low)
}
const known = (values) => values.filter((value) => value !== undefined)
const spread = (values, show) => {
  const those = known(values)
  if (those.length === 0) return '-'
  const [median, low, high] = [0.5, 0.1, 0.9].map((share) => show(quantile(those, share)))
  return `${median} (${low}…${high})`
}
const percent = (digits) => (value) => (100 * value).toFixed(digits)
const plain = (digits) => (value) => value.toFixed(digits)
const shareText = (share) => `${+(100 * share).toFixed(2)} %`
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const groupBy = (items, key) => {
  const groups = new Map()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

/** Scores of several seeds at one share. */
const at = (campaigns, share) =>
  campaigns.flatMap(({ shares }) => shares.filter((scores) => scores.share === share))
const sharesOf = (campaigns) =>
  [...new Set(campaigns.flatMap(({ shares }) => shares.map(({ share }) => share)))].sort(
    (a, b) => a - b,
  )

/** Least share from which the median accuracy stays at or above what is wanted. */
function shareFor(campaigns, accuracy) {
  let least
  for (const share of sharesOf(campaigns).reverse()) {
    const error = quantile(
      at(campaigns, share).map((scores) => scores.error),
      0.5,
    )
    if (!(1 - error >= accuracy)) break
    least = share
  }
  return least
}

/** The paper’s accuracy; its own reductions cost what they cost, so they are stated as they are. */
const paperAccuracy = 0.966

/** What a reduction costs and knows once it has measured all that it wants. */
function reduction(campaigns) {
  const count = (share) =>
    quantile(
      at(campaigns, share).map(({ n }) => n),
      0.5,
    )
  const shares = sharesOf(campaigns)
  const last = shares[shares.length - 1]
  const done = shares.find((share) => count(share) === count(last))
  if (done === undefined || done === last) return 'reduces too little to be scored'
  const error = quantile(
    at(campaigns, done).map((scores) => scores.error),
    0.5,
  )
  return `${Math.max(0, 100 * (1 - error)).toFixed(1)} % at ${(1 / done).toFixed(1)}x`
}

function gainText(campaigns) {
  const share = shareFor(campaigns, paperAccuracy)
  if (share !== undefined) return `${(1 / share).toFixed(1)}x`
  return `not within ${shareText(sharesOf(campaigns).pop() ?? 0)}`
}

function headline(byGrid) {
  const rows = [...byGrid].map(([grid, campaigns]) => {
    const of = (strategy) =>
      campaigns.filter((each) => each.strategy === strategy && each.agents === 1)
    return [
      grid,
      gainText(of('adaptive')),
      reduction(of('powers-of-two+lines')),
      reduction(of('short-output+lines')),
      gainText(of('random+lines')),
      of('adaptive').length,
    ]
  })
  const head = [
    'grid',
    'adaptive: gain at 96.6 %',
    'powers of two',
    '128 tokens',
    'random and lines: gain at 96.6 %',
    'seeds',
  ]
  return table(head, rows)
}

function scores(byGrid) {
  const rows = [...byGrid].flatMap(([grid, campaigns]) =>
    [...groupBy(campaigns, ({ strategy, agents }) => `${strategy} ${agents}`).values()].flatMap(
      (same) =>
        sharesOf(same).map((share) => {
          const those = at(same, share)
          const all = (name) => those.map((one) => one[name])
          return [
            grid,
            same[0].strategy,
            same[0].agents,
            shareText(share),
            spread(all('error'), percent(2)),
            spread(all('within5'), percent(0)),
            spread(all('p95'), percent(1)),
            spread(all('bias'), percent(1)),
            spread(all('ratio'), plain(2)),
            spread(all('coverage'), percent(0)),
            spread(all('decision'), plain(2)),
            spread(all('regret'), percent(1)),
            quantile(known(all('n')), 0.5),
          ]
        }),
    ),
  )
  const head =
    'grid,strategy,agents,share,error %,within 5 %,p95 %,bias %,actual/estimated,coverage %,decision,regret %,n'
  return table(head.split(','), rows)
}

/**
 * Best of 22 strategies at each share in the study that the adaptive strategy was designed from
 * (median error % / share within 5 %), audits not always included.
 */
const study = {
  'argonne-vllm-llama2-7b': { 0.05: '10/64', 0.2: '3.5/82' },
  'argonne-trtllm-llama3-8b': { 0.05: '3.4/74', 0.2: '1.6/95' },
  'composed-h100': { 0.0025: '2.7/90', 0.01: '1.9/95', 0.05: '1.0/98' },
  'composed-4hw': { 0.01: '3.8/87', 0.05: '1.7/94' },
}

function besideStudy(byGrid) {
  const rows = Object.entries(study).flatMap(([grid, cells]) => {
    const campaigns = byGrid.get(grid) ?? []
    return Object.entries(cells).flatMap(([share, best]) => {
      const of = (agents) =>
        at(
          campaigns.filter((each) => each.strategy === 'adaptive' && each.agents === agents),
          Number(share),
        )
      const cell = (agents) => {
        const those = of(agents)
        if (those.length === 0) return '-'
        const median = (name) =>
          100 *
          quantile(
            those.map((one) => one[name]),
            0.5,
          )
        return `${median('error').toFixed(2)}/${median('within5').toFixed(0)}`
      }
      return of(1).length === 0
        ? []
        : [[grid, shareText(Number(share)), best, cell(1), cell(4), cell(16)]]
    })
  })
  return table(['grid', 'share', 'study’s best', 'adaptive', '4 agents', '16 agents'], rows)
}

/** Every scored moment of the adaptive campaigns with at least 15 measured rows. */
function calibration(campaigns) {
  const adaptive = campaigns.filter(({ strategy }) => strategy === 'adaptive')
  const rows = [...groupBy(adaptive, ({ grid }) => grid), ['all', adaptive]].map(
    ([grid, those]) => {
      const moments = those.flatMap(({ shares }) => shares.filter(({ n }) => n >= 15))
      const stops = those.flatMap(({ stops: one }) => (one === undefined ? [] : [one]))
      const count = (name) => stops.reduce((sum, each) => sum + each[name], 0)
      const shares = known(stops.map(({ share }) => share))
      return [
        grid,
        moments.length,
        spread(
          moments.map(({ ratio }) => ratio),
          plain(2),
        ),
        spread(
          moments.map(({ coverage }) => coverage),
          percent(0),
        ),
        `${count('true')} of ${count('stops')} (${those.length} campaigns)`,
        spread(shares, percent(1)),
      ]
    },
  )
  const head = 'grid,moments,actual/estimated,coverage %,stops that were true,share at the stop %'
  return table(head.split(','), rows)
}

function speed(campaigns) {
  const adaptive = campaigns.filter(({ strategy }) => strategy === 'adaptive')
  const rows = [...groupBy(adaptive, ({ grid }) => grid)].map(([grid, those]) => [
    grid,
    those[0].rows,
    spread(
      those.map(({ ask }) => ask.count),
      plain(0),
    ),
    spread(
      those.map(({ ask }) => ask.median),
      plain(1),
    ),
    spread(
      those.map(({ ask }) => ask.p99),
      plain(0),
    ),
    spread(
      those.map(({ ask }) => ask.most),
      plain(0),
    ),
  ])
  return table(['grid', 'rows', 'asks', 'median ms', 'p99 ms', 'longest ms'], rows)
}

export function tables(campaigns) {
  const order = (a, b) =>
    a.strategy.localeCompare(b.strategy) || a.agents - b.agents || a.seed - b.seed
  const sorted = [...campaigns].sort((a, b) => a.grid.localeCompare(b.grid) || order(a, b))
  const byGrid = groupBy(sorted, ({ grid }) => grid)
  return [
    ['Gain at the paper’s accuracy', headline(byGrid)],
    ['Error % / share within 5 %, beside the study', besideStudy(byGrid)],
    ['Is the displayed accuracy true', calibration(sorted)],
    ['Time of an ask', speed(sorted)],
    ['All scores', scores(byGrid)],
  ]
    .map(([title, text]) => `## ${title}\n\n${text}\n`)
    .join('\n')
}
