import { priceIn } from '../../../shared/domain/price-book.js'
import type { Appraisal, Appraised } from '../../decision/appraise.js'
import { replicaRate } from './by-hardware.js'
import { breakEven, fleetUsdPerHour } from './break-even.js'
import type { BreakEven } from './break-even.js'
import { cheapestFleet } from './fleet.js'
import type { Fleet, FleetNeed, Replica } from './fleet.js'
import { isEligible } from '../../decision/appraise.js'
import { bestWorths, expectedShares } from '../../decision/recommend.js'

/** What carries a serving load, and what else would. */
export interface ServingPlan {
  readonly need: FleetNeed
  readonly fleet: Fleet
  /** Share of the worlds in which every part meets the SLO and together they carry the load. */
  readonly carriesProbability: number
  /** The cheapest fleet of one kind per hardware class, cheapest first. */
  readonly alternatives: readonly {
    readonly replica: Replica
    readonly count: number
    readonly usdPerHour: number
  }[]
  /** Where each other class would be cheaper than the first of the alternatives. */
  readonly breakEvens: readonly { readonly replica: Replica; readonly breakEven: BreakEven }[]
}

/** The best deployment of every block as a replica with a price. */
function replicasOf(appraised: Appraised): Map<string, { replica: Replica; which: number }> {
  const { appraisals, question } = appraised
  const worth = expectedShares(appraised, bestWorths(appraised))
  const best = new Map<string, number>()
  appraisals.forEach((each, k) => {
    if (!isEligible(each)) return
    const block = JSON.stringify(each.deployment.block)
    const before = best.get(block)
    if (before === undefined || (worth[k] as number) > (worth[before] as number)) best.set(block, k)
  })
  return new Map(
    [...best.values()].flatMap((which) => {
      const appraisal = appraisals[which] as Appraisal
      const { block, key } = appraisal.deployment
      const price = priceIn(question.prices, block.hardware)
      if (price === undefined) return []
      const replica: Replica = {
        key,
        hardware: block.hardware,
        devices: block.tensorParallel,
        requestRate: replicaRate(appraisal),
        usdPerHour: price.usdPerDeviceHour * block.tensorParallel,
      }
      return [[key, { replica, which }]]
    }),
  )
}

/** Works in USD: the appraisal’s objective must be `usd`. Undefined where nothing can carry the load. */
export function servingPlan(appraised: Appraised, need: FleetNeed): ServingPlan | undefined {
  const replicas = replicasOf(appraised)
  const kinds = [...replicas.values()].map(({ replica }) => replica)
  const fleet = cheapestFleet(kinds, need)
  if (fleet === undefined) return undefined
  const { appraisals, worlds } = appraised
  let carried = 0
  for (let world = 0; world < worlds.count; world += 1) {
    let rate = 0
    let meets = true
    let largest = 0
    for (const { replica, count } of fleet.parts) {
      const { which } = replicas.get(replica.key) as { which: number }
      const place = world * appraisals.length + which
      const { cost } = appraisals[which] as Appraisal
      // Cost per token and rate are inverse to each other.
      const each = (replica.requestRate * cost) / (worlds.costs[place] as number)
      meets &&= worlds.meets[place] === 1
      rate += count * each
      largest = Math.max(largest, each)
    }
    if (meets && rate - need.spares * largest >= need.requestRate) carried += 1
  }
  const byClass = new Map<string, Replica>()
  for (const replica of kinds) {
    const before = byClass.get(replica.hardware)
    const usd = (each: Replica) => fleetUsdPerHour(each, need.requestRate, need)
    if (before === undefined || usd(replica) < usd(before)) byClass.set(replica.hardware, replica)
  }
  const alternatives = [...byClass.values()]
    .map((replica) => {
      const usdPerHour = fleetUsdPerHour(replica, need.requestRate, need)
      return { replica, count: Math.round(usdPerHour / replica.usdPerHour), usdPerHour }
    })
    .sort((a, b) => a.usdPerHour - b.usdPerHour)
  const first = alternatives[0]?.replica
  return {
    need,
    fleet,
    carriesProbability: carried / worlds.count,
    alternatives,
    breakEvens:
      first === undefined
        ? []
        : alternatives
            .slice(1)
            .map(({ replica }) => ({ replica, breakEven: breakEven(replica, first, need) })),
  }
}
