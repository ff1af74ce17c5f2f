import type { Configuration } from '../../shared/domain/configuration.js'
import { isInvalid } from '../../shared/domain/measurement.js'
import type { TrialRecord } from '../../shared/domain/sweep-desk.js'
import { metricValue } from '../../coordinator/analysis/report/units.js'
import type { Paint } from './colour.js'

/** The axes that tell configurations of one block apart; the block where it matters. */
function configurationText(configuration: Configuration): string {
  const { load, inputTokens, outputTokens, tensorParallel } = configuration
  const parallel = tensorParallel === 1 ? '' : `, tp ${tensorParallel}`
  return `load ${load}, in ${inputTokens}, out ${outputTokens}${parallel}`
}

function outcomeText(trial: TrialRecord, paint: Paint): string {
  const { measurement, state, reason } = trial
  if (measurement === undefined) {
    return paint(state === 'INFEASIBLE' ? 'warn' : 'bad', `${state.toLowerCase()}: ${reason}`)
  }
  const values = measurement.metrics.map(
    ({ metric, value }) => `${metric} ${metricValue(metric, value)}`,
  )
  const kinds = measurement.doubts.map((doubt) => doubt.kind).join(', ')
  const doubts = kinds === '' ? '' : `  ${paint('warn', `doubts: ${kinds}`)}`
  return isInvalid(measurement)
    ? paint('bad', `invalid, not used: ${kinds}`)
    : `${values.join(', ')}${doubts}`
}

/** One trial that ended, as a person reads it. */
export function trialLine(trial: TrialRecord, paint: Paint): string {
  const again = trial.attempt > 1 ? ` (attempt ${trial.attempt})` : ''
  return `${trial.purpose.padEnd(7)} ${configurationText(trial.configuration)}${again}: ${outcomeText(trial, paint)}`
}
