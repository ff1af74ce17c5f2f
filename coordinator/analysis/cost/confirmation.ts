import type { Appraisal, Appraised } from '../../decision/appraise.js'

/** What has to be measured before a choice rests on measurements of its own. */
export interface Confirmation {
  /** Numbers of the knowledge’s points that are only predicted, in the order of the traffic. */
  readonly points: readonly number[]
  /** Configurations of the deployment. */
  readonly of: number
  /** Of one measurement of each; undefined where nothing was ever measured. */
  readonly deviceSeconds?: number
}

/** @returns undefined where every configuration of the deployment was measured. */
export function confirmationOf(
  { question: { knowledge } }: Pick<Appraised, 'question'>,
  { deployment, measured }: Appraisal,
): Confirmation | undefined {
  if (measured) return undefined
  const points = deployment.points.filter((point) => knowledge.points[point]?.measured !== true)
  const costs = points.flatMap((point) => {
    const known = knowledge.points[point]
    return (known && knowledge.trialCost(known.configuration)) ?? []
  })
  return {
    points,
    of: deployment.points.length,
    ...(costs.length < points.length
      ? {}
      : { deviceSeconds: costs.reduce((sum, cost) => sum + cost, 0) }),
  }
}
