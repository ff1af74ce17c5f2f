import { FmworkError } from '../../shared/domain/errors.js'
import type { PastRow } from '../../shared/domain/past.js'
import { engineId } from '../../shared/domain/sweep.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'
import { choosePast } from '../plan/choose-past.js'
import type { Store } from './store-port.js'
import type { StoredSweep } from './store-records.js'

/** Sweeps that are looked at where the file names none, and rows that are read of each. */
const mostSweeps = 4
const mostRows = 1500

type Shelf = Pick<Store, 'listSweeps' | 'findSweep' | 'measuredRows'>

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value

/** What tells two workloads apart: figures of one say nothing of the other. */
const workloadText = ({ workload }: Sweep): string => JSON.stringify(workload)

/** Undefined for a file of long ago that would be refused today. */
function specOf({ text }: StoredSweep): Sweep | undefined {
  try {
    return parseSweep(text)
  } catch (error) {
    if (error instanceof FmworkError) return undefined
    throw error
  }
}

function refused(named: string, expected: string): FmworkError {
  return new FmworkError('SWEEP_INVALID', `${named} cannot be what the sweep starts from`, {
    problems: [{ field: 'knowledge.past', value: named, expected }],
  })
}

const isAbove0 = (value: number): boolean => value > 0 && Number.isFinite(value)
const isAtLeast0 = (value: number): boolean => value >= 0 && Number.isFinite(value)

/** @throws FmworkError SWEEP_INVALID for a row that no trial could have measured. */
function checked(row: PastRow): PastRow {
  const { load, inputTokens, outputTokens, tensorParallel } = row.configuration
  const isPlace = [load, inputTokens, outputTokens, tensorParallel].every(isAbove0)
  const isTold = Object.values(row.values).every(
    ({ value, relativeSd }) => isAbove0(value) && isAtLeast0(relativeSd),
  )
  if (isPlace && isTold && isAtLeast0(row.cost)) return row
  throw refused(row.origin, 'expected figures above 0 in every measurement that is given')
}

/** Models, hardware and engines that two sweeps have in common: none means that they are strangers. */
function likeness(one: Sweep, other: Sweep): number {
  const facets = (sweep: Sweep): (readonly string[])[] => [
    listOf(sweep.model),
    listOf(sweep.space.hardware ?? []),
    sweep.engines.map(engineId),
  ]
  const others = facets(other)
  return facets(one).filter((own, k) => own.some((each) => others[k]?.includes(each))).length
}

/** @throws FmworkError SWEEP_INVALID for one that is unknown, still runs, or had another workload. */
function named(store: Shelf, spec: Sweep, name: string): StoredSweep {
  const sweep = store.findSweep(name)
  if (sweep === undefined) throw refused(name, 'expected a sweep of this coordinator')
  if (sweep.endedAt === undefined) throw refused(name, 'expected a sweep that has ended')
  const other = specOf(sweep)
  if (other === undefined || workloadText(other) !== workloadText(spec)) {
    throw refused(name, 'expected a sweep of the same workload')
  }
  return sweep
}

/** Ended sweeps of the same workload, the likest first, of equals the newest. */
function likest(store: Shelf, spec: Sweep): StoredSweep[] {
  return store
    .listSweeps()
    .flatMap((sweep) => {
      if (sweep.endedAt === undefined) return []
      const other = specOf(sweep)
      if (other === undefined || workloadText(other) !== workloadText(spec)) return []
      const alike = likeness(other, spec)
      return alike === 0 ? [] : [{ sweep, alike }]
    })
    .sort((a, b) => b.alike - a.alike || b.sweep.createdAt - a.sweep.createdAt)
    .slice(0, mostSweeps)
    .map(({ sweep }) => sweep)
}

/**
 * What a new sweep starts from: what earlier ones measured, as its file says, and what it was given
 * beside. Chosen once, when it is created.
 *
 * @throws FmworkError SWEEP_INVALID for a sweep that the file names and that cannot serve.
 */
export function pastKnowledge(store: Shelf, spec: Sweep, given: readonly PastRow[]): PastRow[] {
  const { past } = spec.knowledge ?? { past: 'none' }
  const sweeps =
    past === 'none'
      ? []
      : past === 'auto'
        ? likest(store, spec)
        : past.map((name) => named(store, spec, name))
  const rows = sweeps.flatMap((sweep) =>
    store
      .measuredRows(sweep.sweepId, mostRows)
      .map((row): PastRow => ({ ...row, origin: sweep.name })),
  )
  const telling = [...rows, ...given.map(checked)].filter(({ values }) =>
    spec.metrics.some((metric) => values[metric] !== undefined),
  )
  return choosePast(telling, spec.strategy.seed)
}
