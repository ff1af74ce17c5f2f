/** Who answers a question, and how good the answer is. */
const dist = new URL('../../../dist/', import.meta.url)
const load = (path) => import(new URL(path, dist))
const { replay, measurementOf } = await load('coordinator/analysis/evaluate/replay.js')
const { createSurface } = await load('coordinator/model/create-surface.js')
const { strategies } = await load('coordinator/plan/strategies.js')
const { appraise } = await load('coordinator/decision/appraise.js')
const { certaintyOf } = await load('coordinator/decision/certainty.js')
const { viewOf, isTold } = await load('coordinator/decision/verdict.js')
const { contests } = await load('coordinator/decision/contest.js')
const { logInterval } = await load('coordinator/decision/point.js')
const { withMeasurements } = await load('coordinator/analysis/cost/with-measurements.js')

/** Times that the decision stage measures one configuration at most. */
export const mostRepeats = 25
/** Numbers of the noise draws that no sweep has used. */
const firstRepeat = 1000

/** @param tolerance relative cost by which two deployments count as equally good. */
export function decide(knowledge, { traffic, slo, prices }, tolerance) {
  const question = { knowledge, traffic, slo, prices, objective: 'usd' }
  const { appraised, certainty } = viewOf(question, tolerance)
  return { appraised, certainty, found: certainty.recommendation }
}

/** What full knowledge says, of every deployment. */
export function rightAnswer(truth, { traffic, slo, prices }) {
  const question = { knowledge: truth, traffic, slo, prices, objective: 'usd', draws: 1 }
  const appraised = appraise(question)
  const certainty = certaintyOf(appraised, 0)
  return { appraised, certainty, found: certainty.recommendation }
}

export const keyOf = (decision) => decision.found?.best.appraisal.deployment.key

/** 1 - true worth of the chosen / true worth of the right one; 1 where the chosen breaks the SLO. */
export function judge(right, chosen) {
  const best = right.found?.best.appraisal
  const name = keyOf(chosen)
  if (best === undefined) return name === undefined ? { same: true, regret: 0 } : undefined
  if (name === best.deployment.key) return { same: true, regret: 0 }
  const real = right.appraised.appraisals.find((each) => each.deployment.key === name)
  if (real === undefined || real.broken !== undefined) {
    return { same: false, regret: 1, violated: real !== undefined }
  }
  return { same: false, regret: 1 - best.cost / real.cost }
}

/** The campaign’s state where its own claim first allows it to stop, or at a share of the full grid. */
export function stopped(grid, seed, { goal, share: most }) {
  const total = grid.cost.reduce((sum, cost) => sum + cost, 0)
  const campaign = replay(
    grid,
    { name: 'adaptive', strategy: strategies.adaptive, surface: createSurface },
    { seed, agents: 1, auditShare: 0.2, goal },
  )
  for (;;) {
    const step = campaign.next()
    const state = step.done ? step.value : step.value.state
    const share = state.spent / total
    const reached = state.surface.verdict(goal)?.goalReached === true
    if (step.done || reached || share >= most) return { ...state, share, reached }
  }
}

/** A full grid as a lab would have it: every row measured so many times, with its noise. */
export function noisyGrid(grid, seed, times) {
  const truth = Object.fromEntries(
    grid.metrics.map((metric) => [metric, grid.truth[metric].slice()]),
  )
  grid.configurations.forEach((_, row) => {
    const all = Array.from({ length: times }, (_, k) => measurementOf(grid, row, k, seed))
    for (const metric of grid.metrics) {
      const logs = all.map((values) => Math.log(values[metric].value))
      truth[metric][row] = Math.exp(logs.reduce((sum, each) => sum + each, 0) / times)
    }
  })
  const noise = Object.fromEntries(
    grid.metrics.map((metric) => [metric, (grid.noise[metric] ?? 0) / Math.sqrt(times)]),
  )
  return { ...grid, truth, noise }
}

/**
 * The decision stage, a measurement at a time, until the choice is right with the probability wanted and
 * expected to lose next to nothing, or no measurement may help any more.
 */
export function decided(grid, believed, question, seed, { tolerance, probability }) {
  let knowledge = believed
  let decision = decide(knowledge, question, tolerance)
  let spent = 0
  let trials = 0
  const repeats = new Map()
  while (decision.certainty.probability < probability || !isTold(decision.certainty)) {
    const isOpen = (row) => (repeats.get(row) ?? 0) < mostRepeats
    const [next] = contests(decision.appraised, decision.certainty, isOpen)
    if (next === undefined) break
    const row = next.point
    const repeat = repeats.get(row) ?? 0
    repeats.set(row, repeat + 1)
    spent += grid.cost[row]
    trials += 1
    const values = measurementOf(grid, row, firstRepeat + repeat, seed)
    const point = {
      configuration: grid.configurations[row],
      measured: true,
      feasible: 1,
      estimates: Object.fromEntries(
        grid.metrics.map((metric) => [
          metric,
          logInterval(values[metric].value, grid.noise[metric] ?? 0),
        ]),
      ),
    }
    knowledge = withMeasurements(knowledge, { ...knowledge, points: [point] })
    decision = decide(knowledge, question, tolerance)
  }
  return { ...decision, spent, trials, told: isTold(decision.certainty) }
}
