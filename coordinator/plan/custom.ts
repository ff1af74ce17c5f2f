import { configurationKey } from '../../shared/domain/configuration.js'
import type { Configuration, Scalar } from '../../shared/domain/configuration.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { DesignStrategy } from './design.js'
import type { Strategy, StrategyContext } from './strategy.js'

type Point = Readonly<Record<string, Scalar>>

/** Axes as a sweep file names them; `key` is a whole configuration’s. */
const axes: ReadonlyMap<string, (configuration: Configuration) => Scalar> = new Map(
  Object.entries({
    key: (configuration) => configurationKey(configuration),
    model: ({ model }) => model,
    engine: ({ engine }) => engine,
    hardware: ({ hardware }) => hardware,
    tensor_parallel: ({ tensorParallel }) => tensorParallel,
    batch_size: ({ load }) => load,
    concurrency: ({ load }) => load,
    request_rate: ({ load }) => load,
    input_tokens: ({ inputTokens }) => inputTokens,
    output_tokens: ({ outputTokens }) => outputTokens,
  } satisfies Record<string, (configuration: Configuration) => Scalar>),
)

/** Any other name is an engine argument’s. */
const matches = (point: Point, configuration: Configuration): boolean =>
  Object.entries(point).every(
    ([name, value]) =>
      (axes.get(name)?.(configuration) ?? configuration.engineArgs[name]) === value,
  )

/**
 * The points of the sweep file in their order. A point that leaves axes out stands for every
 * configuration that has its values.
 *
 * @throws FmworkError SWEEP_INVALID for points that no configuration of the space has, all of them.
 */
export function createCustom(context: StrategyContext): Strategy {
  const { space, points = [] } = context
  const matched = points.map((): number[] => [])
  for (let index = 0; index < space.size; index += 1) {
    const configuration = space.at(index)
    points.forEach((point, i) => {
      if (matches(point, configuration)) (matched[i] as number[]).push(index)
    })
  }
  const problems = matched.flatMap((indices, i) =>
    indices.length > 0
      ? []
      : [
          {
            field: `strategy.points.${i}`,
            value: JSON.stringify(points[i]),
            expected: 'expected the values of a configuration of the space',
          },
        ],
  )
  if (problems.length > 0) {
    throw new FmworkError('SWEEP_INVALID', 'points of the custom strategy are not in the space', {
      problems,
    })
  }
  const order = [...new Set(matched.flat())]
  return new DesignStrategy('custom', context, {
    length: order.length,
    at: (place) => order[place],
    why: (place) => `point ${place + 1} of the list’s ${order.length}`,
  })
}
