import { blockKey } from '../../../shared/domain/configuration.js'
import type { Configuration } from '../../../shared/domain/configuration.js'
import type { Interval, MetricAccuracy } from '../../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { choleskyInPlace } from '../../model/cholesky.js'
import { CostModel } from '../../model/cost-model.js'
import { Encoding } from '../../model/encoding.js'
import { costBasis } from '../../model/physics.js'
import type { Surface, SurfaceOptions } from '../../model/surface.js'
import { universeOf } from '../../model/universe.js'
import type { Observation } from '../../plan/strategy.js'

interface Known {
  readonly x: Float64Array
  readonly group: string
  readonly logs: Partial<Record<MetricName, number>>
}

const unknown: Interval = { value: 0, low: 0, high: 1 }

/**
 * What people do without a model: straight lines, in logarithms, between the nearest measurements
 * of the same engine on the same hardware; the nearest one outside of them. Claims nothing of its
 * own accuracy.
 */
class InterpolationSurface implements Surface {
  readonly #options: SurfaceOptions
  readonly #encoding: Encoding
  readonly #cost: CostModel
  readonly #known = new Map<number, Known>()
  readonly #costs = new Map<number, number>()

  constructor(options: SurfaceOptions) {
    this.#options = options
    const universe = universeOf(options.space.size, options.seed)
    this.#encoding = Encoding.of(options.space, universe)
    this.#cost = CostModel.of(options.space, universe, costBasis(options.workload))
  }

  tell({ index, outcome, values, cost }: Observation): void {
    if (outcome === 'infeasible') return
    const entries = Object.entries(values) as [MetricName, { value: number }][]
    this.#known.set(index, {
      x: this.#encoding.points([index]).x,
      group: groupOf(this.#options.space.at(index)),
      logs: Object.fromEntries(entries.map(([metric, { value }]) => [metric, Math.log(value)])),
    })
    this.#costs.set(index, cost)
  }

  tellPending(): void {
    // Nothing is planned from this surface.
  }

  remove(): void {
    // Nothing is planned from this surface.
  }

  tellEngine(): void {
    // Interpolation knows no engines.
  }

  estimate(metric: MetricName, index: number): Interval | undefined {
    const measured = this.#known.get(index)?.logs[metric]
    const log = measured ?? this.#interpolated(metric, index)
    if (log === undefined) return undefined
    const value = Math.exp(log)
    return { value, low: value, high: value }
  }

  #interpolated(metric: MetricName, index: number): number | undefined {
    const { x } = this.#encoding.points([index])
    const group = groupOf(this.#options.space.at(index))
    const all = [...this.#known]
      .flatMap(([at, known]) => {
        const log = known.logs[metric]
        if (log === undefined) return []
        const distance = Math.hypot(...x.map((value, d) => value - (known.x[d] as number)))
        return [{ at, log, x: known.x, distance, same: known.group === group }]
      })
      .sort((a, b) => a.distance - b.distance || a.at - b.at)
    const related = all.filter(({ same }) => same)
    const near = (related.length > 0 ? related : all).slice(0, 2 * x.length + 2)
    const first = near[0]
    if (first === undefined) return undefined
    const line = localLine(near, x)
    const logs = near.map(({ log }) => log)
    return line === undefined
      ? first.log
      : Math.max(Math.min(...logs), Math.min(Math.max(...logs), line))
  }

  feasible(): number {
    return 1
  }

  cost(index: number): number {
    return this.#costs.get(index) ?? this.#cost.at(index)
  }

  accuracy(): readonly MetricAccuracy[] {
    return this.#options.metrics.map((metric) => ({
      metric,
      calibrated: false,
      why: 'interpolation claims nothing',
      accuracy: unknown,
      within5: unknown,
      p95Error: { value: Infinity, low: 0, high: Infinity },
      bias: { value: 0, low: -Infinity, high: Infinity },
      noiseFloor: 0,
    }))
  }

  fullGridCost(): Interval {
    const { size } = this.#options.space
    const paid = [...this.#costs.values()].reduce((sum, cost) => sum + cost, 0)
    const value = (paid / Math.max(1, this.#costs.size)) * size
    return { value, low: 0, high: Infinity }
  }
}

const groupOf = (configuration: Configuration): string =>
  blockKey({ ...configuration, tensorParallel: 0 })

/** Value at `x` of the plane nearest, in weighted least squares, to the neighbours. */
function localLine(
  near: readonly { readonly x: Float64Array; readonly log: number; readonly distance: number }[],
  x: Float64Array,
): number | undefined {
  const d = x.length + 1
  const normal = new Float64Array(d * d)
  const right = new Float64Array(d)
  for (const { x: other, log, distance } of near) {
    const weight = 1 / (distance + 0.02)
    const row = [1, ...Array.from(other, (value, k) => value - (x[k] as number))]
    for (let i = 0; i < d; i += 1) {
      right[i] = (right[i] as number) + weight * (row[i] as number) * log
      for (let j = 0; j < d; j += 1) {
        const at = i * d + j
        normal[at] = (normal[at] as number) + weight * (row[i] as number) * (row[j] as number)
      }
    }
  }
  for (let i = 1; i < d; i += 1) normal[i * d + i] = (normal[i * d + i] as number) + 1e-3
  if (!choleskyInPlace(normal, d)) return undefined
  for (let i = 0; i < d; i += 1) {
    let sum = right[i] as number
    for (let j = 0; j < i; j += 1) sum -= (normal[i * d + j] as number) * (right[j] as number)
    right[i] = sum / (normal[i * d + i] as number)
  }
  for (let i = d - 1; i >= 0; i -= 1) {
    let sum = right[i] as number
    for (let j = i + 1; j < d; j += 1) sum -= (normal[j * d + i] as number) * (right[j] as number)
    right[i] = sum / (normal[i * d + i] as number)
  }
  return right[0]
}

export function createInterpolation(options: SurfaceOptions): Surface {
  return new InterpolationSurface(options)
}
