import type { JSX } from 'preact'
import { shiftWords, whoseLevel } from '../../../shared/domain/level-change.js'
import type { LevelChange } from '../../../shared/domain/meta-metrics.js'
import { doubtTable } from '../../../shared/domain/measurement.js'
import type { Measurement } from '../../../shared/domain/measurement.js'
import type { TrialView } from '../../service/http/api.js'
import { deviceSeconds, percent, wallTime, wholeNumber } from '../../analysis/report/units.js'
import { useLoaded } from '../live/use-loaded.js'
import { Link, Refusal, StateMark } from '../parts/small.js'
import {
  blockWords,
  configurationWords,
  countWords,
  dayWords,
  energyWords,
  intervalWords,
  metricWords,
  valueWords,
} from '../parts/words.js'
import { betweenWords } from '../sweep/levels.js'
import { Drill } from '../trial/drill.js'

/** One trial down to its requests. */
export function TrialPage({
  sweep,
  trialId,
}: {
  readonly sweep: string
  readonly trialId: string
}): JSX.Element {
  const { value, refused } = useLoaded<TrialView>(`trials/${encodeURIComponent(trialId)}`)
  if (value === undefined) {
    return refused === undefined ? <p class="note">Loading …</p> : <Refusal error={refused} />
  }
  const { trial, measurement } = value
  return (
    <>
      <p class="crumbs">
        <Link to={{ page: 'sweep', sweep, tab: 'trials' }}>{sweep} · trials</Link>
      </p>
      <h1>{configurationWords(trial.configuration)}</h1>
      <p class="under">
        <StateMark state={trial.state} />
        <span>
          {trial.purpose}
          {trial.attempt > 1 ? `, attempt ${trial.attempt}` : ''}
          {trial.agent === '' ? '' : ` on ${trial.agent}`}
          {trial.endedAt === undefined ? '' : `, ended ${dayWords(trial.endedAt)}`}
        </span>
      </p>
      <p class="note">{blockWords(trial.configuration)}</p>
      {trial.why !== '' && <p>Why: {trial.why}</p>}
      {trial.reason !== '' && <p>{trial.reason}</p>}
      {measurement !== undefined && (
        <Measured measurement={measurement} suspectedBy={value.suspectedBy} />
      )}
      <Drill view={value} />
    </>
  )
}

const percentiles = ['p50', 'p90', 'p95', 'p99'] as const

function Measured({
  measurement,
  suspectedBy,
}: {
  readonly measurement: Measurement
  readonly suspectedBy: readonly LevelChange[]
}): JSX.Element {
  const { metrics, doubts, timing, energyJoules } = measurement
  const energy = energyJoules === undefined ? '' : `, ${energyWords(energyJoules)}`
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Measurement">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Value and interval</th>
              {percentiles.map((each) => (
                <th key={each} scope="col" class="n">
                  {each}
                </th>
              ))}
              <th scope="col" class="n">
                Spread of one repetition
              </th>
              <th scope="col" class="n">
                Observations
              </th>
            </tr>
          </thead>
          <tbody>
            {metrics.map((each) => (
              <tr key={each.metric}>
                <th scope="row">{metricWords(each.metric)}</th>
                <td>
                  {intervalWords(each.metric, each)}{' '}
                  <span class="dim">at {percent(each.confidence)}</span>
                </td>
                {percentiles.map((name) => {
                  const value = each.percentiles[name]
                  return (
                    <td key={name} class="n">
                      {value === undefined || value === null ? '–' : valueWords(each.metric, value)}
                    </td>
                  )
                })}
                <td class="n">{percent(each.relativeSd)}</td>
                <td class="n">{wholeNumber(each.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">
        {deviceSeconds(measurement.deviceSeconds)}
        {energy}: set-up {wallTime(timing.setUp)}, warm-up {wallTime(timing.warmUp)}, measuring{' '}
        {wallTime(timing.measured)}, gaps {wallTime(timing.gaps)};{' '}
        {wholeNumber(measurement.repetitions)} repetitions of {wholeNumber(measurement.requests)}{' '}
        requests in all.
      </p>
      <h2>Doubts</h2>
      {doubts.length + suspectedBy.length === 0 ? (
        <p class="note">None.</p>
      ) : (
        <ul class="doubt-list">
          {suspectedBy.map((change) => (
            <li key={change.after}>
              <strong>suspect</strong> The level of {whoseLevel(change)} stepped between{' '}
              {betweenWords(change)}; more of its trials were measured on the other side of it than
              on this one.{' '}
              <span class="dim">
                {change.shifts
                  .map(({ metric, ratio }) => `${metricWords(metric)} ${shiftWords(ratio)}`)
                  .join(', ')}
                ; {countWords(change.before, 'trial')} before it, {wholeNumber(change.since)} since
              </span>
            </li>
          ))}
          {doubts.map(({ kind, severity, detail }) => (
            <li key={kind} class={severity}>
              <strong>{kind.replaceAll('_', ' ')}</strong>{' '}
              {severity === 'invalid' ? '(invalid: not used)' : '(marked)'} {doubtTable[kind]}{' '}
              <span class="dim">{detail}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
