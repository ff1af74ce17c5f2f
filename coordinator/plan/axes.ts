import { blockKey } from '../../shared/domain/configuration.js'
import type { Configuration } from '../../shared/domain/configuration.js'
import type { Space } from '../../shared/domain/space.js'

/** The values that a space takes along each axis, ascending, and its blocks in the space’s order. */
export interface Axes {
  /** One configuration of each block. */
  readonly blocks: readonly Configuration[]
  readonly loads: readonly number[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
}

/** Looks at every configuration once: takes a third of a microsecond each. */
export function axesOf(space: Space): Axes {
  const blocks = new Map<string, Configuration>()
  const loads = new Set<number>()
  const inputs = new Set<number>()
  const outputs = new Set<number>()
  let previous: Configuration | undefined
  for (let index = 0; index < space.size; index += 1) {
    const configuration = space.at(index)
    loads.add(configuration.load)
    inputs.add(configuration.inputTokens)
    outputs.add(configuration.outputTokens)
    if (previous === undefined || !isSameBlock(previous, configuration)) {
      const key = blockKey(configuration)
      if (!blocks.has(key)) blocks.set(key, configuration)
    }
    previous = configuration
  }
  const ascending = (values: Set<number>) => [...values].sort((a, b) => a - b)
  return {
    blocks: [...blocks.values()],
    loads: ascending(loads),
    inputs: ascending(inputs),
    outputs: ascending(outputs),
  }
}

/** Cheaper than comparing keys; false only makes the caller compare keys. */
function isSameBlock(a: Configuration, b: Configuration): boolean {
  return (
    a.engineArgs === b.engineArgs &&
    a.tensorParallel === b.tensorParallel &&
    a.hardware === b.hardware &&
    a.engine === b.engine &&
    a.model === b.model
  )
}
