import type { Configuration } from '../../shared/domain/configuration.js'
import type { PastRow } from '../../shared/domain/past.js'

/** Where a value comes from: a configuration, and the sweep that measured it; '' for the one at hand. */
export type Placed = Pick<PastRow, 'configuration' | 'origin'>

type Category = (placed: Placed) => string

/** Nested categories from the widest to the block: every level refines the one before. */
export interface Levels {
  readonly keys: readonly Category[]
  /** Level from which blocks differ in devices only, and so meet the same memory limits. */
  readonly groupLevel: number
}

const model: Category = ({ configuration }) => configuration.model
const hardware: Category = ({ configuration }) => configuration.hardware
const engine: Category = ({ configuration }) => configuration.engine
const engineArgs: Category = ({ configuration }) =>
  JSON.stringify(Object.entries(configuration.engineArgs).sort(([a], [b]) => (a < b ? -1 : 1)))
const origin: Category = (placed) => placed.origin
const devices: Category = ({ configuration }) => String(configuration.tensorParallel)

/**
 * The levels that split what the level before holds together.
 *
 * @param own of the space, some that stand for all.
 * @param past what earlier sweeps measured: what the space has in common with them comes first, so
 *   that what it has not is learnt beside it.
 */
export function levelsOf(own: readonly Configuration[], past: readonly PastRow[]): Levels {
  const placed = [...own.map((configuration) => ({ configuration, origin: '' })), ...past]
  const isCovered = (category: Category): boolean => {
    const known = new Set(past.map(category))
    return own.every((configuration) => known.has(category({ configuration, origin: '' })))
  }
  const usual = [model, hardware, engine, engineArgs]
  const ordered =
    past.length === 0
      ? usual
      : [...usual.filter(isCovered), ...usual.filter((category) => !isCovered(category)), origin]
  const keys: Category[] = [() => '']
  let groups = 1
  const refine = (categories: readonly Category[]): void => {
    const key: Category = (each) => JSON.stringify(categories.map((category) => category(each)))
    const split = new Set(placed.map(key)).size
    if (split <= groups) return
    groups = split
    keys.push(key)
  }
  ordered.forEach((_, k) => {
    refine(ordered.slice(0, k + 1))
  })
  const groupLevel = keys.length - 1
  refine([...ordered, devices])
  return { keys, groupLevel }
}
