import type { Configuration } from '../../../shared/domain/configuration.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Knowledge, Point } from '../../decision/point.js'

/** What the two sides may differ in and still be matched. */
export const acrossAxes = ['model', 'engine', 'engine_args', 'hardware', 'tensor_parallel'] as const
export type Across = (typeof acrossAxes)[number]

/** The same configuration on both sides. */
export interface Pair {
  readonly key: string
  readonly first: Point
  readonly second: Point
}

/** Everything that the sides must have in common. */
function matchKey(configuration: Configuration, across: ReadonlySet<Across>): string {
  const { model, engine, engineArgs, hardware, tensorParallel } = configuration
  const parts: Record<Across, unknown> = {
    model,
    engine,
    engine_args: Object.entries(engineArgs).sort(([a], [b]) => (a < b ? -1 : 1)),
    hardware,
    tensor_parallel: tensorParallel,
  }
  const kept = acrossAxes.filter((axis) => !across.has(axis)).map((axis) => parts[axis])
  const { load, inputTokens, outputTokens } = configuration
  return JSON.stringify([...kept, load, inputTokens, outputTokens])
}

function byKey(
  { name, points }: Knowledge,
  across: ReadonlySet<Across>,
  wanted: (point: Point) => boolean,
) {
  const found = new Map<string, Point>()
  for (const point of points) {
    if (!wanted(point)) continue
    const key = matchKey(point.configuration, across)
    if (found.has(key)) {
      throw new FmworkError('NOT_COMPARABLE', `${name} has several configurations for one match`, {
        problems: [
          {
            field: '--across',
            value: [...across].join(', '),
            expected: 'expected one of each: pick it with --left or --right, such as hardware=H100',
          },
        ],
      })
    }
    found.set(key, point)
  }
  return found
}

/**
 * Configurations that both sides know, in the order of the first.
 *
 * @param estimates also where one or both sides only estimate; measured on both sides otherwise.
 * @throws FmworkError NOT_COMPARABLE when a match is ambiguous or there is none.
 */
export function matched(
  first: Knowledge,
  second: Knowledge,
  across: readonly Across[],
  estimates: boolean,
): Pair[] {
  const free = new Set(across)
  const wanted = (point: Point) => point.feasible >= 0.5 && (estimates || point.measured)
  const others = byKey(second, free, wanted)
  const pairs = [...byKey(first, free, wanted)].flatMap(([key, point]) => {
    const other = others.get(key)
    return other === undefined ? [] : [{ key, first: point, second: other }]
  })
  if (pairs.length > 0) return pairs
  throw new FmworkError(
    'NOT_COMPARABLE',
    `${first.name} and ${second.name} have no configuration in common`,
    {
      hint: estimates
        ? 'Name with --across what may differ between the sides, such as hardware or engine.'
        : 'Give --estimates to compare what was only estimated, or name with --across what may differ.',
    },
  )
}
