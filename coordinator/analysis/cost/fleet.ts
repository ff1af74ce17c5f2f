/** One copy of the model under one deployment: what a fleet is made of. */
export interface Replica {
  readonly key: string
  readonly hardware: string
  readonly devices: number
  /** Requests per second that one replica carries within the SLO. */
  readonly requestRate: number
  readonly usdPerHour: number
}

export interface FleetNeed {
  /** Requests per second. */
  readonly requestRate: number
  /** Replicas that may fail, the largest ones, without the load being dropped. */
  readonly spares: number
  /** Share of a replica’s rate that is planned with, in (0, 1]. */
  readonly utilization: number
  /** Most devices to be had, by hardware class in lower case; unlimited where absent. */
  readonly available?: Readonly<Record<string, number>>
}

export interface Fleet {
  readonly parts: readonly { readonly replica: Replica; readonly count: number }[]
  readonly devices: number
  readonly usdPerHour: number
  /** Requests per second at the planned utilisation, every replica working. */
  readonly carries: number
  /** False when the search ended before it had proved that none is cheaper. */
  readonly cheapestProven: boolean
}

/** Nodes of the search; loads of thousands of replicas of many alike kinds end here. */
const mostNodes = 200_000
/** Slack for sums of products that should be equal. */
const hair = 1e-9

/**
 * The cheapest whole number of replicas that carries the load, mixed where a mix is cheaper: exact
 * branch and bound over the kinds, cheapest per request first. With spares, what is left after the
 * loss of the largest replicas must still carry it. Undefined where the devices to be had do not.
 */
export function cheapestFleet(kinds: readonly Replica[], need: FleetNeed): Fleet | undefined {
  const rateOf = ({ requestRate }: Replica): number => requestRate * need.utilization
  const usable = kinds
    .filter((kind) => kind.requestRate > 0 && Number.isFinite(kind.usdPerHour))
    .sort(
      (a, b) =>
        a.usdPerHour / a.requestRate - b.usdPerHour / b.requestRate || a.devices - b.devices,
    )
  let best: { counts: number[]; usd: number } | undefined
  let nodes = 0
  // Which kind is the largest in use decides what the spares must add.
  for (const largest of [...new Set(usable.map(rateOf))]) {
    const allowed = usable.filter((kind) => rateOf(kind) <= largest)
    const required = need.requestRate + need.spares * largest
    const free = new Map(
      Object.entries(need.available ?? {}).map(([name, count]) => [name.toLowerCase(), count]),
    )
    const counts = allowed.map(() => 0)
    const search = (at: number, left: number, usd: number): void => {
      nodes += 1
      if (left <= required * hair) {
        if (best === undefined || usd < best.usd - hair) {
          best = { counts: usable.map((kind) => counts[allowed.indexOf(kind)] ?? 0), usd }
        }
        return
      }
      const kind = allowed[at]
      if (kind === undefined || nodes > mostNodes) return
      const rate = rateOf(kind)
      // Kinds ascend in cost per request: none that follows carries the rest for less than this one.
      if (best !== undefined && usd + (left / rate) * kind.usdPerHour >= best.usd - hair) return
      const name = kind.hardware.toLowerCase()
      const devices = free.get(name) ?? Infinity
      const most = Math.min(
        Math.ceil(left / rate - hair),
        Math.floor(devices / kind.devices + hair),
      )
      for (let count = most; count >= 0; count -= 1) {
        counts[at] = count
        if (free.has(name)) free.set(name, devices - count * kind.devices)
        search(at + 1, left - count * rate, usd + count * kind.usdPerHour)
        if (nodes > mostNodes) break
      }
      counts[at] = 0
      if (free.has(name)) free.set(name, devices)
    }
    search(0, required, 0)
  }
  if (best === undefined) return undefined
  const parts = usable.flatMap((replica, k) => {
    const count = best?.counts[k] ?? 0
    return count > 0 ? [{ replica, count }] : []
  })
  const total = (of: (replica: Replica) => number): number =>
    parts.reduce((sum, { replica, count }) => sum + count * of(replica), 0)
  return {
    parts,
    devices: total(({ devices }) => devices),
    usdPerHour: total(({ usdPerHour }) => usdPerHour),
    carries: total(rateOf),
    cheapestProven: nodes <= mostNodes,
  }
}
