import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { CapacityOf, LimitBand, MemoryLimits } from './encoding.js'
import type { Space } from '../../shared/domain/space.js'
import { median } from '../../shared/stats/quantile.js'
import { priorCentre } from './block-coefficients.js'
import type { LogObservation } from './metric-model.js'
import type { MetricSurface } from './metric-surface.js'
import { fitPhysicalMean, logSum } from './physical-mean.js'
import type { BasisRows } from './physical-mean.js'
import { devicePower, tokenDemand } from './physics.js'
import type { Steps } from './steps.js'
import { spreadSample } from './universe.js'

/** Observations of a metric below which no limit is looked for. */
const fewest = 12
/** Observations of a group and a metric that a search looks at. */
const most = 240
/** Growth after which limits are looked for again. */
const growth = 1.25
/** Candidate limits of a group. */
const steps = 20
/** Parts of the step to either side of the best candidate, whose ends are candidates too. */
const partsOfStep = 4
/** Candidate limits of a block per doubling, to either side of what its group suggests. */
const fineSteps = 32
/** Rounds of block limits and coefficients, each given the other. */
const rounds = 2
/** Loss within which limits are as good as the best. */
const plateau = 0.5
/** The same where the limit may lie: less than one measurement on the wrong side costs. */
const bandPlateau = 8
/** Log likelihood that a limit must gain before it is believed. */
const leastGain = 8
/** Doublings by which a block’s limit strays from its relatives’. */
const blockDeviation = 0.4
/** Residual, in log units, that the mean alone leaves at least. */
const leastResidual = 0.05

interface GroupData {
  readonly surface: MetricSurface
  /** Some of them, over the whole range. */
  readonly indices: readonly number[]
  readonly logs: Float64Array
  readonly all: readonly LogObservation[]
  /** Residual that the mean alone leaves as a rule, without any limit. */
  readonly residual: number
}

/** Group of blocks that differ in devices only. */
const groupOf = (configuration: Configuration): string =>
  blockKey({ ...configuration, tensorParallel: 0 })

/**
 * How many tokens every block’s engine keeps in memory at once: what it says, else what the
 * measurements show, since beyond it sequences wait for one another and times jump.
 */
export class CapacityBook implements MemoryLimits {
  readonly #space: Space
  #told = new Map<string, number>()
  #learnt = new Map<string, number>()
  #bands = new Map<string, LimitBand>()
  #learntAt = 0

  constructor(space: Space) {
    this.#space = space
  }

  copy(): CapacityBook {
    const copy = new CapacityBook(this.#space)
    copy.#told = new Map(this.#told)
    copy.#learnt = new Map(this.#learnt)
    copy.#bands = new Map(this.#bands)
    copy.#learntAt = this.#learntAt
    return copy
  }

  /** True when this is news. */
  tell(key: string, tokens: number): boolean {
    if (this.#told.get(key) === tokens) return false
    this.#told.set(key, tokens)
    return true
  }

  /** Tokens; Infinity where no limit is known. */
  readonly of = (configuration: Configuration): number => {
    if (this.#told.size === 0 && this.#learnt.size === 0) return Infinity
    const key = blockKey(configuration)
    const known = this.#told.get(key) ?? this.#learnt.get(key)
    if (known !== undefined) return known
    const unit = this.#learnt.get(groupOf(configuration))
    return unit === undefined ? Infinity : unit * configuration.tensorParallel ** devicePower
  }

  readonly between = (configuration: Configuration): LimitBand | undefined => {
    if (this.#bands.size === 0) return undefined
    const key = blockKey(configuration)
    return this.#told.has(key) ? undefined : this.#bands.get(key)
  };

  /** Looks for limits, step by step, when enough was measured since last time. True when any changed. */
  *learn(surfaces: readonly MetricSurface[]): Steps<boolean> {
    const measured = surfaces.reduce((sum, surface) => sum + surface.measuredCount, 0)
    if (measured < this.#learntAt * growth || measured < fewest) return false
    this.#learntAt = measured
    const before = this.#learnt
    this.#learnt = new Map()
    this.#bands = new Map()
    const groups = new Map<string, GroupData[]>()
    for (const surface of surfaces) {
      const byGroup = new Map<string, LogObservation[]>()
      for (const observation of surface.observations()) {
        const configuration = this.#space.at(observation.index)
        if (this.#told.has(blockKey(configuration))) continue
        const group = groupOf(configuration)
        const members = byGroup.get(group) ?? []
        members.push(observation)
        byGroup.set(group, members)
      }
      for (const [group, all] of byGroup) {
        if (all.length < fewest) continue
        const indices = Uint32Array.from(all, ({ index }) => index)
        const members = spreadSample(indices, most).map((row) => all[row] as LogObservation)
        const data = {
          surface,
          indices: members.map(({ index }) => index),
          logs: Float64Array.from(members, ({ log }) => log),
          all,
          residual: leastResidual,
        }
        groups.set(group, [...(groups.get(group) ?? []), data])
      }
    }
    for (const [group, data] of groups) yield* this.#learnGroup(group, data)
    const same =
      before.size === this.#learnt.size &&
      [...before].every(([key, tokens]) => this.#learnt.get(key) === tokens)
    return !same
  }

  *#learnGroup(group: string, rough: readonly GroupData[]): Steps {
    const data = rough.map((each) => ({ ...each, residual: this.#typicalResidual(each) }))
    yield
    const unitDemands = data.flatMap(({ indices }) =>
      indices.map((index) => {
        const configuration = this.#space.at(index)
        return tokenDemand(configuration) / configuration.tensorParallel ** devicePower
      }),
    )
    const ranked = unitDemands.sort((a, b) => a - b)
    const high = Math.log2(ranked[ranked.length - 1] as number)
    const low = Math.log2(ranked[Math.floor(ranked.length * 0.3)] as number)
    if (!(high > low)) return
    const unlimited = this.#fit(data, () => Infinity)
    let best = {
      loss: unlimited.loss - leastGain,
      unit: Infinity,
      coefficients: unlimited.coefficients,
    }
    let least = { loss: Infinity, place: low }
    const look = (place: number): void => {
      const unit = 2 ** place
      const limit = ({ tensorParallel }: Configuration) => unit * tensorParallel ** devicePower
      const { loss, coefficients } = this.#fit(data, limit, unlimited.coefficients)
      if (loss < best.loss) best = { loss, unit, coefficients }
      if (loss < least.loss) least = { loss, place }
    }
    const width = (high - low) / steps
    for (let step = 0; step < steps; step += 1) {
      look(low + width * (step + 0.5))
      yield
    }
    // Where few measurements lie beyond a limit, coarse steps on either side of it explain little.
    const { place } = least
    for (let part = 1; part < partsOfStep; part += 1) {
      look(place - (width * part) / partsOfStep)
      look(place + (width * part) / partsOfStep)
      yield
    }
    if (best.unit === Infinity) return
    this.#learnt.set(group, best.unit)
    let { coefficients } = best
    for (let round = 0; round < rounds; round += 1) {
      this.#refineBlocks(data, best.unit, coefficients)
      coefficients = this.#fit(data, this.of, coefficients).coefficients
      yield
    }
  }

  #typicalResidual({ surface, indices, logs }: GroupData): number {
    const rows = surface.model.basisRows(indices, () => Infinity)
    const prior = { centre: priorCentre(rows, logs), deviation: 1.5 }
    const fitted = fitPhysicalMean(rows, logs, prior, { iterations: 40, tolerance: 1e-4 })
    const gaps = Array.from(logs, (log, i) => Math.abs(log - logSum(rows, i, fitted)))
    return Math.max(leastResidual, 1.4826 * median(gaps))
  }

  #fit(
    data: readonly GroupData[],
    limit: CapacityOf,
    starts?: readonly Float64Array[],
  ): { loss: number; coefficients: Float64Array[] } {
    let loss = 0
    const coefficients = data.map(({ surface, indices, logs, residual }, m) => {
      const rows = surface.model.basisRows(indices, limit)
      const prior = { centre: priorCentre(rows, logs), deviation: 1.5 }
      const start = starts?.[m]
      const options = { huber: residual, iterations: 40, tolerance: 1e-4 }
      const fitted = fitPhysicalMean(rows, logs, prior, start ? { ...options, start } : options)
      loss += lossOf(rows, logs, fitted, residual)
      return fitted
    })
    return { loss, coefficients }
  }

  /** Every block’s own limit, near what its relatives share. */
  #refineBlocks(
    data: readonly GroupData[],
    unit: number,
    coefficients: readonly Float64Array[],
  ): void {
    const blocks = new Map<string, Configuration>()
    for (const { all } of data) {
      for (const { index } of all) {
        const configuration = this.#space.at(index)
        blocks.set(blockKey(configuration), configuration)
      }
    }
    for (const [key, { tensorParallel }] of blocks) {
      const shared = unit * tensorParallel ** devicePower
      const members = data.map(({ surface, all, residual }) => {
        // Below half of the shared limit every candidate explains alike.
        const telling = all.filter(({ index }) => {
          const configuration = this.#space.at(index)
          return blockKey(configuration) === key && tokenDemand(configuration) > shared / 2
        })
        return {
          surface,
          residual,
          indices: telling.map(({ index }) => index),
          logs: Float64Array.from(telling, ({ log }) => log),
        }
      })
      const losses = Array.from({ length: 2 * fineSteps + 1 }, (_, step) => {
        const shift = step / fineSteps - 1
        return members.reduce(
          (loss, { surface, indices, logs, residual }, m) => {
            const rows = surface.model.basisRows(indices, () => shared * 2 ** shift)
            return loss + lossOf(rows, logs, coefficients[m] as Float64Array, residual)
          },
          0.5 * (shift / blockDeviation) ** 2,
        )
      })
      const limitAt = (step: number): number => shared * 2 ** (step / fineSteps - 1)
      const best = lowestStretch(losses, plateau)
      this.#learnt.set(key, limitAt((best.first + best.last) / 2))
      const band = lowestStretch(losses, bandPlateau)
      this.#bands.set(key, { low: limitAt(band.first), high: limitAt(band.last) })
    }
  }
}

/** The stretch around the least loss that is about as low. */
function lowestStretch(
  losses: readonly number[],
  plateau: number,
): { first: number; last: number } {
  const least = Math.min(...losses)
  const at = losses.indexOf(least)
  let [first, last] = [at, at]
  while (first > 0 && (losses[first - 1] as number) < least + plateau) first -= 1
  while (last + 1 < losses.length && (losses[last + 1] as number) < least + plateau) last += 1
  return { first, last }
}

/** Huber’s loss of the mean alone, in units of a typical residual. */
function lossOf(
  rows: BasisRows,
  logs: Float64Array,
  coefficients: Float64Array,
  residual: number,
): number {
  let loss = 0
  for (let i = 0; i < logs.length; i += 1) {
    const z = Math.abs((logs[i] as number) - logSum(rows, i, coefficients)) / residual
    loss += z <= 1 ? 0.5 * z * z : z - 0.5
  }
  return loss
}
