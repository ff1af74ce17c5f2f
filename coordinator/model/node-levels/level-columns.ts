import type { LevelChange } from '../../../shared/domain/meta-metrics.js'

/** Who measured a value, and when it began: epoch milliseconds. */
export interface Origin {
  readonly agent: string
  readonly at: number
}

/** An agent as one of a hardware class. */
export interface Node {
  readonly hardware: string
  readonly agent: string
}

/** How much of which columns a value, or a mean of several, holds. */
export type LevelRow = readonly LevelPart[]

export interface LevelPart {
  readonly column: number
  readonly part: number
}

/** Nodes that have a level of their own; of more, those that measured most. */
const mostNodes = 48

const nodeKey = ({ hardware, agent }: Node): string => JSON.stringify([hardware, agent])

/**
 * Levels that measurements may be off by beside their noise: one of every node where a class has
 * several, and one of every suspect side of a change. None where one node measured and nothing changed.
 */
export class LevelColumns {
  /** Columns 0 … nodes.length-1. */
  readonly nodes: readonly Node[]
  /** The columns after them. */
  readonly changes: readonly LevelChange[]
  /** Columns of the nodes of every class. */
  readonly classes: readonly (readonly number[])[]
  /** Equal where the columns are. */
  readonly key: string
  /** Equal where learning anew need not be hurried: which of too many nodes have a level is no news. */
  readonly newsKey: string
  readonly #columnOf = new Map<string, number>()
  readonly #shared: ReadonlySet<string>

  /** @param trials measured by every node. */
  constructor(trials: Iterable<readonly [Node, number]>, changes: readonly LevelChange[]) {
    const measured = [...trials].map(([node, count]) => ({ node, count, key: nodeKey(node) }))
    const perClass = new Map<string, number>()
    for (const { node } of measured) {
      perClass.set(node.hardware, (perClass.get(node.hardware) ?? 0) + 1)
    }
    this.#shared = new Set([...perClass].flatMap(([hardware, n]) => (n > 1 ? [hardware] : [])))
    const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)
    const kept = measured
      .filter(({ node }) => this.#shared.has(node.hardware))
      .sort((a, b) => b.count - a.count || byKey(a, b))
      .slice(0, mostNodes)
      .sort(byKey)
    kept.forEach(({ key }, column) => this.#columnOf.set(key, column))
    this.nodes = kept.map(({ node }) => node)
    this.changes = changes
    this.classes = [...this.#shared]
      .sort()
      .map((hardware) =>
        this.nodes.flatMap((node, column) => (node.hardware === hardware ? [column] : [])),
      )
      .filter((columns) => columns.length > 0)
    const places = changes.map(({ agent, after, by, suspect }) => [agent, after, by, suspect])
    const keys = kept.map(({ key }) => key)
    this.key = JSON.stringify([keys, places])
    this.newsKey = JSON.stringify([keys.length === mostNodes ? mostNodes : keys, places])
  }

  get size(): number {
    return this.nodes.length + this.changes.length
  }

  /** Levels that a value measured on this class holds: whole, or half where it may or may not. */
  of(hardware: string, origin: Origin): LevelRow {
    const row: LevelPart[] = []
    const own = this.#columnOf.get(nodeKey({ hardware, agent: origin.agent }))
    if (own !== undefined) row.push({ column: own, part: 1 })
    this.changes.forEach((change, k) => {
      const part = partOf(change, origin)
      if (part > 0) row.push({ column: this.nodes.length + k, part })
    })
    return row
  }

  /** Changes of which nobody knows whether a value was measured before or since. */
  undecided(origin: Origin): number[] {
    return this.changes.flatMap((change, k) => (partOf(change, origin) === 0.5 ? [k] : []))
  }

  /** One of several of its class, but too many have measured for it to have a level of its own. */
  isUntold(node: Node): boolean {
    return this.#shared.has(node.hardware) && !this.#columnOf.has(nodeKey(node))
  }
}

/** How much of a change’s level a value holds: none, all, or half where it lies where the change was. */
function partOf({ agent: whose, after, by, suspect }: LevelChange, { agent, at }: Origin): number {
  if (whose !== undefined && whose !== agent) return 0
  if (at > after && at < by) return 0.5
  return at >= by === (suspect === 'since') ? 1 : 0
}

/** `weight` times one row, added to what several rows come to. */
export function addRow(sum: Map<number, number>, row: LevelRow, weight: number): void {
  for (const { column, part } of row) sum.set(column, (sum.get(column) ?? 0) + weight * part)
}

export const rowOf = (sum: ReadonlyMap<number, number>): LevelRow =>
  [...sum].sort(([a], [b]) => a - b).map(([column, part]) => ({ column, part }))

/** The first less the second. */
export function difference(first: LevelRow, second: LevelRow): LevelRow {
  const sum = new Map<number, number>()
  addRow(sum, first, 1)
  addRow(sum, second, -1)
  return rowOf(sum).filter(({ part }) => part !== 0)
}
