import type { Report } from '../report/report.js'
import type { Answer, Inquiry } from './answer.js'

/** What a reader must know before acting on the answer. */
export function doubtsOf(
  inquiry: Inquiry,
  { recommendation, appraised, hardware }: Answer,
  report?: Report,
): string[] {
  const { knowledge, objective } = inquiry
  const uncalibrated = report?.status.accuracy.filter(({ calibrated }) => !calibrated) ?? []
  const measured = knowledge.points.filter((point) => point.measured).length
  const { leftOut } = appraised
  const best = recommendation?.best
  return [
    ...(best?.appraisal.measured === false
      ? ['The recommended configuration is only predicted: it has not been measured itself.']
      : []),
    ...(uncalibrated.length > 0
      ? [
          `The intervals of ${uncalibrated.map(({ metric }) => metric).join(', ')} are the model’s own belief: too few audits back them.`,
        ]
      : []),
    ...(report !== undefined && measured === 0 ? ['Nothing is measured yet.'] : []),
    ...(knowledge.loadAxis === 'batch_size'
      ? [
          'Measured in static batches: a server that takes requests as they come adds queueing to the latency and gaps to the batch.',
        ]
      : []),
    ...(inquiry.slo.length === 0
      ? [
          'No latency limit was given, so the largest batch that runs wins whatever it makes users wait.',
        ]
      : []),
    ...(leftOut.incomplete > 0
      ? [
          `${leftOut.incomplete} deployments are left out because the space lacks them at some length; name one with --input and --output.`,
        ]
      : []),
    ...(leftOut.unpriced.length > 0
      ? [`Left out because they have no price: ${leftOut.unpriced.join(', ')}.`]
      : []),
    ...(leftOut.unknown > 0
      ? [`${leftOut.unknown} deployments are left out because nothing is known of them yet.`]
      : []),
    ...(objective === 'device-seconds' && hardware.length > 1
      ? [
          'Without prices a second on every hardware class counts the same; give --price to weigh them.',
        ]
      : []),
  ]
}
