import type { LevelChange } from '../../../shared/domain/meta-metrics.js'
import type { Shift } from './level-change.js'
import { LevelColumns } from './level-columns.js'
import type { LevelRow, Node, Origin } from './level-columns.js'
import { LevelEffects } from './level-effects.js'
import type { LevelSizes, Repeat } from './level-effects.js'

/**
 * How far nodes of one class differ as a rule, in log units, and how many degrees of freedom that is
 * worth. Identical GPUs differ by 1 to 3 % where memory is the limit, and by more where power or heat
 * is (docs/adr/011): two degrees, so that a few nodes say more than this does.
 */
const usualNode = 0.02
const usualWeight = 2
/** Size of a change, in log units, where its own evidence tells of none. */
const usualChange = 0.1

/** A node’s level over the mean of its class, in log units. */
export interface KnownNode extends Node {
  readonly log: number
  readonly sd: number
}

/** Levels of the values of one configuration, by who measured each. */
export interface LevelsHere {
  readonly of: (origin: Origin) => LevelRow
  /** Variance that a value has besides: its node has no level of its own, or a change lies somewhere about it. */
  readonly untold: (origin: Origin) => number
}

const none: LevelRow = []
const noLevels: LevelsHere = { of: () => none, untold: () => 0 }

/** What one metric knows of the levels of those who measured it. */
export class LevelBook {
  #columns = new LevelColumns([], [])
  #node = usualNode
  #changes: readonly number[] = []
  #base: LevelEffects | undefined
  #known: LevelEffects | undefined

  copy(): LevelBook {
    const copy = new LevelBook()
    copy.#columns = this.#columns
    copy.#node = this.#node
    copy.#changes = this.#changes
    copy.#base = this.#base
    copy.#known = this.#known
    return copy
  }

  /** Whether any levels are told apart. */
  get differ(): boolean {
    return this.#columns.size > 0
  }

  /** Levels as differences within configurations show them; what values have taken off that a model hears. */
  get base(): LevelEffects | undefined {
    return this.#base
  }

  get changes(): readonly LevelChange[] {
    return this.#columns.changes
  }

  /** @param shifts found at its changes. @returns true when the columns are others than before. */
  tell(columns: LevelColumns, shifts: readonly (Shift | undefined)[]): boolean {
    const isNews = columns.key !== this.#columns.key
    // The words of a change may be others, its place the same.
    this.#columns = columns
    if (!isNews) return false
    this.#changes = shifts.map((shift) => Math.hypot(usualChange, shift?.log ?? 0))
    this.#base = this.differ ? LevelEffects.before(columns, this.#sizes) : undefined
    this.#known = this.#base
    return true
  }

  get #sizes(): LevelSizes {
    return { node: this.#node, changes: this.#changes }
  }

  /** @param hardwareOf class of the configuration; not asked where no levels differ. */
  at(hardwareOf: () => string): LevelsHere {
    if (!this.differ) return noLevels
    const hardware = hardwareOf()
    const columns = this.#columns
    return {
      of: (origin) => columns.of(hardware, origin),
      untold: (origin) => {
        const node = columns.isUntold({ hardware, agent: origin.agent }) ? this.#node ** 2 : 0
        // It holds all or nothing of the step, not half of it.
        return columns
          .undecided(origin)
          .reduce((sum, k) => sum + ((this.#changes[k] as number) / 2) ** 2, node)
      },
    }
  }

  /** Learns anew from the differences between values of the same configurations. */
  hear(groups: Iterable<readonly Repeat[]>): void {
    if (!this.differ) return
    this.#base = LevelEffects.before(this.#columns, this.#sizes).given(groups)
    this.#known = this.#base
  }

  /** What a model makes of the levels, which has heard {@link base}; and with that, how far nodes differ here. */
  learn(levels: LevelEffects | undefined): void {
    if (levels?.size !== this.#columns.size) return
    this.#known = levels
    let squares = usualWeight * usualNode ** 2
    let weight = usualWeight
    for (const members of this.#columns.classes) {
      squares += levels.square(members) * members.length
      weight += members.length - 1
    }
    this.#node = Math.sqrt(squares / weight)
  }

  /** Mean of a level as known by now. */
  mean(row: LevelRow): number {
    return row.length === 0 ? 0 : (this.#known?.mean(row) ?? 0)
  }

  variance(row: LevelRow): number {
    return row.length === 0 ? 0 : (this.#known?.variance(row) ?? 0)
  }

  /** A value as the mean of the nodes would have measured it. */
  without({ log, variance, level }: Repeat): { readonly log: number; readonly variance: number } {
    return { log: log - this.mean(level), variance: variance + this.variance(level) }
  }

  /** Mean square by which a node of a class is off its mean, over classes: what measuring on any of them adds. */
  get spread(): number {
    const { classes } = this.#columns
    const known = this.#known
    if (known === undefined || classes.length === 0) return 0
    const sum = classes.reduce((total, members) => total + known.square(members), 0)
    return sum / classes.length
  }

  nodes(): KnownNode[] {
    return this.#columns.nodes.map((node, column) => {
      const row = [{ column, part: 1 }]
      return { ...node, log: this.mean(row), sd: Math.sqrt(this.variance(row)) }
    })
  }
}
