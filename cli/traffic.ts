import type { Knowledge } from '../coordinator/decision/point.js'
import { shapesOf } from '../coordinator/decision/traffic.js'
import type { Traffic } from '../coordinator/decision/traffic.js'
import { FmworkError } from '../shared/domain/errors.js'

/** Which requests are asked about. */
export interface TrafficOptions {
  /** The best single configuration, whatever its lengths. */
  readonly any: boolean
  /** Tokens; all lengths, each equally often, where neither is given. */
  readonly input?: number
  readonly output?: number
}

/** @throws FmworkError USAGE for lengths that nothing is known of. */
export function trafficFor(
  knowledge: Knowledge,
  { any, input, output }: TrafficOptions,
  fields: { readonly input: string; readonly output: string } = {
    input: '--input',
    output: '--output',
  },
): Traffic {
  if (any) return 'any'
  const shapes = shapesOf(knowledge, {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
  })
  if (shapes.length > 0) return shapes
  const all = shapesOf(knowledge)
  const lengths = (of: (shape: (typeof all)[number]) => number) =>
    [...new Set(all.map(of))].sort((a, b) => a - b).join(', ')
  throw new FmworkError('USAGE', `${knowledge.name} has no requests of that length`, {
    problems: [
      { field: fields.input, expected: `expected one of ${lengths((each) => each.inputTokens)}` },
      { field: fields.output, expected: `expected one of ${lengths((each) => each.outputTokens)}` },
    ],
  })
}
