import { InvalidArgumentError } from 'commander'
import type { DecisionGoal } from '../shared/domain/sweep-desk.js'
import { decisionObjectives } from '../shared/domain/sweep.js'

const expected =
  'expected none, or KEY=VALUE,… with the keys of goal.decision: objective, input_tokens, output_tokens, probability, tolerance'

/** One `KEY=VALUE` of the sweep file’s own words; the coordinator judges the values’ ranges. */
function partOf(part: string): DecisionGoal {
  const [key = '', value = '', ...rest] = part.split('=').map((word) => word.trim())
  const number = value === '' ? NaN : Number(value)
  if (rest.length > 0) throw new InvalidArgumentError(expected)
  if (key === 'objective') {
    const objective = decisionObjectives.find((each) => each === value)
    if (objective !== undefined) return { objective }
    throw new InvalidArgumentError(`expected an objective of ${decisionObjectives.join(', ')}`)
  }
  if (!Number.isFinite(number)) throw new InvalidArgumentError(expected)
  switch (key) {
    case 'input_tokens':
      return { inputTokens: number }
    case 'output_tokens':
      return { outputTokens: number }
    case 'probability':
      return { probability: number }
    case 'tolerance':
      return { tolerance: number }
    default:
      throw new InvalidArgumentError(expected)
  }
}

/** `probability=0.99,input_tokens=256`, or `none`: a decision to end with, as `goal.decision`. */
export function decisionGoal(text: string): DecisionGoal | 'none' {
  if (text.trim() === 'none') return 'none'
  return text.split(',').reduce<DecisionGoal>((goal, part) => ({ ...goal, ...partOf(part) }), {})
}
