import type { DecisionStatus } from '../../../shared/domain/meta-metrics.js'
import { chance, figure, percent } from './units.js'

/** What the choice may lose, in words; undefined where that was not told. */
export function regretWords({ regretAtMost, regretAllowed }: DecisionStatus): string | undefined {
  if (regretAtMost === undefined) return undefined
  const allowed = regretAllowed === undefined ? '' : `, ${percent(regretAllowed)} allowed`
  return `expected to lose at most ${percent(regretAtMost)}${allowed}`
}

/** How far a limit may be exceeded; undefined where it surely is not. */
const excessWords = (excess: number | undefined): string | undefined =>
  excess === undefined || excess === 0 ? undefined : percent(excess)

/** The other choice at a limit, and what it is worth; undefined where the limit leaves none open. */
export function alternativeWords({
  alternative,
  excessAtMost: chosenExcess,
}: Pick<DecisionStatus, 'alternative' | 'excessAtMost'>): string | undefined {
  if (alternative === undefined) return undefined
  const { deployment, meetsProbability, excessAtMost, costRatio } = alternative
  const cost = costRatio === undefined ? '' : `, at ${figure(costRatio)} times the cost`
  const meets = `meets the limits with ${chance(meetsProbability)}`
  const over = excessWords(excessAtMost)
  const chosenOver = excessWords(chosenExcess)
  return [
    `${deployment}${cost}; ${meets}`,
    ...(over === undefined ? [] : [`over them by at most ${over} (with 95 %)`]),
    ...(chosenOver === undefined || (costRatio ?? 0) <= 1
      ? []
      : [`the choice may be over by ${chosenOver}`]),
  ].join(', ')
}
