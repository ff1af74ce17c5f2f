import type { JSX } from 'preact'
import { alternativeWords, regretWords } from '../../analysis/report/decision-words.js'
import type { DecisionStatus } from '../../../shared/domain/meta-metrics.js'
import { chance, percent } from '../../analysis/report/units.js'
import type { SweepView } from '../../service/http/api.js'

const goals: Readonly<Record<string, string>> = {
  usd: 'the lowest price per output token',
  'device-seconds': 'the most output tokens per device',
  'user-seconds': 'the fastest tokens for one user',
}

export const objectiveWords = (objective: string): string => goals[objective] ?? objective

/** Which deployment is best, and how sure that is; nothing where the goal names no decision. */
export function Decision({
  decision,
  spec,
}: {
  readonly decision: DecisionStatus | undefined
  readonly spec: SweepView['spec']
}): JSX.Element | null {
  if (spec.goal.decision === undefined) return null
  return (
    <section class="decision">
      <h2>Decision</h2>
      {decision === undefined ? (
        <p class="empty">There is no choice yet: no trial has told every figure that it needs.</p>
      ) : (
        <>
          <p class="choice">{decision.chosen ?? 'Nothing meets the limits.'}</p>
          <p>
            <Meter decision={decision} /> <strong>{chance(decision.probability)}</strong> sure that
            this is the right one; wanted: {percent(decision.wanted)}.
          </p>
          {decision.alternative !== undefined && (
            <p>
              <strong>Or, at the limit:</strong> {alternativeWords(decision)}.
            </p>
          )}
          <p class="note">{details(decision, spec.slo !== undefined)}</p>
        </>
      )}
    </section>
  )
}

function details(decision: DecisionStatus, limited: boolean): string {
  const { objective, tolerance, meetsProbability, expectedRegret, challenger } = decision
  const regret = regretWords(decision)
  const equal =
    tolerance > 0 ? `; less than ${percent(tolerance)} apart counts as equally good` : ''
  return [
    `Best: ${objectiveWords(objective)}${limited ? ' within the limits (slo)' : ''}${equal}.`,
    ...(meetsProbability === undefined
      ? []
      : [
          limited
            ? `It runs and meets the limits with ${chance(meetsProbability)}.`
            : `It runs with ${chance(meetsProbability)}.`,
        ]),
    ...(expectedRegret === undefined
      ? []
      : [`Expected to lose ${percent(expectedRegret)} against the true best.`]),
    ...(regret === undefined ? [] : [`Upper end, with 95 %: ${regret}.`]),
    ...(challenger === undefined ? [] : [`Likeliest to be better: ${challenger}.`]),
  ].join(' ')
}

const width = 160

function Meter({
  decision: { probability, wanted },
}: {
  readonly decision: DecisionStatus
}): JSX.Element {
  return (
    <svg class="bar" viewBox={`0 0 ${width} 18`} width={width} height={18} aria-hidden="true">
      <path class="rail" d={`M0 9H${width}`} />
      <rect class="band" x={0} y={5} width={Math.max(1, probability * width)} height={8} />
      <path class="goal" d={`M${wanted * width} 0V18`} />
    </svg>
  )
}
