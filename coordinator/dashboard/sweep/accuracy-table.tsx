import type { JSX } from 'preact'
import type { MetricAccuracy } from '../../../shared/domain/meta-metrics.js'
import type { StatusView } from '../../service/http/api.js'
import { percent, percentInterval } from '../../analysis/report/units.js'
import { metricWords } from '../parts/words.js'

const barWidth = 220

/** The lower end of the bars: the least bound that is drawn, in tens of per cent. */
function floorOf({ accuracy, goalAccuracy }: StatusView): number {
  const lows = accuracy.flatMap(({ calibrated, accuracy: { low } }) =>
    calibrated && Number.isFinite(low) ? [low] : [],
  )
  return Math.max(0, Math.floor(Math.min(goalAccuracy, ...lows) * 10 - 0.5) / 10)
}

/** With its sign; what rounds to nothing has none. */
const signed = (share: number): string =>
  Math.abs(share) < 5e-4 ? percent(0) : `${share > 0 ? '+' : ''}${percent(share)}`

/** What is claimed of every metric, and what stands behind the claim. */
export function AccuracyTable({
  status,
  confidence,
}: {
  readonly status: StatusView
  readonly confidence: number
}): JSX.Element {
  const floor = floorOf(status)
  return (
    <section>
      <h2>Accuracy</h2>
      <p class="note">
        1 − mean relative error over the whole space, held against randomly drawn audits; intervals
        at {percent(confidence)}. The mark is the goal, {percent(status.goalAccuracy)}.
      </p>
      {status.accuracy.length === 0 ? (
        <p class="empty">Nothing is claimed yet: not yet calibrated.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Accuracy by metric">
          <table class="accuracy">
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">Accuracy</th>
                <th scope="col">{percent(floor)} to 100 %</th>
                <th scope="col" class="n">
                  Within 5 %
                </th>
                <th scope="col" class="n">
                  95th percentile error
                </th>
                <th scope="col" class="n">
                  Bias
                </th>
                <th scope="col" class="n">
                  Noise floor
                </th>
                <th scope="col" class="n">
                  Audits in 90 % band
                </th>
              </tr>
            </thead>
            <tbody>
              {status.accuracy.map((claim) => (
                <Row
                  key={claim.metric}
                  claim={claim}
                  floor={floor}
                  goal={status.goalAccuracy}
                  begun={status.measured > 0}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Row({
  claim,
  floor,
  goal,
  begun,
}: {
  readonly claim: MetricAccuracy
  readonly floor: number
  readonly goal: number
  /** Before it nothing is known of the noise. */
  readonly begun: boolean
}): JSX.Element {
  const { calibrated } = claim
  return (
    <tr>
      <th scope="row">{metricWords(claim.metric)}</th>
      <td class="claim">
        {calibrated ? percentInterval(claim.accuracy) : <strong>not yet calibrated</strong>}
        <span class="note block">{claim.why}</span>
      </td>
      <td>
        <Bar claim={claim} floor={floor} goal={goal} />
      </td>
      <td class="n">{calibrated ? percent(claim.within5.value) : '–'}</td>
      <td class="n">{calibrated ? percent(claim.p95Error.value) : '–'}</td>
      <td class="n">{calibrated ? signed(claim.bias.value) : '–'}</td>
      <td class="n">{begun ? percent(claim.noiseFloor) : '–'}</td>
      <td class="n">{claim.coverage === undefined ? '–' : percent(claim.coverage)}</td>
    </tr>
  )
}

function Bar({
  claim: { calibrated, accuracy },
  floor,
  goal,
}: {
  readonly claim: MetricAccuracy
  readonly floor: number
  readonly goal: number
}): JSX.Element {
  const x = (share: number) =>
    ((Math.min(1, Math.max(floor, share)) - floor) / Math.max(1e-9, 1 - floor)) * barWidth
  const known = calibrated && Number.isFinite(accuracy.value)
  const low = Number.isFinite(accuracy.low) ? accuracy.low : accuracy.value
  const high = Number.isFinite(accuracy.high) ? accuracy.high : accuracy.value
  return (
    <svg class="bar" viewBox={`0 0 ${barWidth} 18`} width={barWidth} height={18} aria-hidden="true">
      <path class="rail" d={`M0 9H${barWidth}`} />
      {known && (
        <>
          <rect class="band" x={x(low)} y={5} width={Math.max(1, x(high) - x(low))} height={8} />
          <path class="value" d={`M${x(accuracy.value)} 2V16`} />
        </>
      )}
      <path class="goal" d={`M${x(goal)} 0l3.5 -0 -3.5 6 -3.5 -6zM${x(goal)} 6V18`} />
    </svg>
  )
}
