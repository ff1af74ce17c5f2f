import type { JSX } from 'preact'
import { shiftWords, whoseLevel } from '../../../shared/domain/level-change.js'
import type { Interval, LevelChange } from '../../../shared/domain/meta-metrics.js'
import { Link } from '../parts/small.js'
import { countWords, dayWords, metricWords, timeWords } from '../parts/words.js'

/** Steps in the level of agents and the trials that they make suspect; nothing while none is found. */
export function Levels({
  sweep,
  changes,
}: {
  readonly sweep: string
  readonly changes: readonly LevelChange[]
}): JSX.Element | null {
  if (changes.length === 0) return null
  const reach = Math.max(
    0.01,
    ...changes.flatMap(({ shifts }) =>
      shifts.flatMap(({ ratio: { low, high } }) => [Math.abs(low - 1), Math.abs(high - 1)]),
    ),
  )
  return (
    <section class="levels">
      <h2>Levels that changed</h2>
      <p class="note">
        Configurations that were measured again show that an agent, or every one, became faster or
        slower for good. Nothing is dropped or corrected; the fewer trials are suspect:{' '}
        <Link to={{ page: 'sweep', sweep, tab: 'trials', show: 'suspect' }}>
          show the suspect trials
        </Link>
        .
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Levels that changed">
        <table>
          <thead>
            <tr>
              <th scope="col">Whose</th>
              <th scope="col">Between</th>
              <th scope="col">Metric</th>
              <th scope="col">New level against old</th>
              <th scope="col">less – same – more</th>
              <th scope="col">Suspect</th>
            </tr>
          </thead>
          {changes.map((change) => (
            <Change key={`${change.agent ?? ''} ${change.after}`} change={change} reach={reach} />
          ))}
        </table>
      </div>
    </section>
  )
}

const sameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString()

function Change({
  change,
  reach,
}: {
  readonly change: LevelChange
  readonly reach: number
}): JSX.Element {
  const { after, by, before, since, suspect, shifts } = change
  const rows = Math.max(1, shifts.length)
  const until = sameDay(after, by) ? timeWords(by) : dayWords(by)
  return (
    <tbody>
      {shifts.map(({ metric, ratio }, row) => (
        <tr key={metric}>
          {row === 0 && (
            <>
              <th scope="rowgroup" rowSpan={rows}>
                {whoseLevel(change)}
              </th>
              <td rowSpan={rows}>
                {dayWords(after)} and {until}
              </td>
            </>
          )}
          <td>{metricWords(metric)}</td>
          <td>{shiftWords(ratio)}</td>
          <td>
            <ShiftBar ratio={ratio} reach={reach} />
          </td>
          {row === 0 && (
            <td rowSpan={rows}>
              {suspect === 'before'
                ? `the ${countWords(before, 'trial')} before; ${since} since`
                : `the ${countWords(since, 'trial')} since; ${before} before`}
            </td>
          )}
        </tr>
      ))}
    </tbody>
  )
}

const width = 160

/** Around no change, in the middle: the interval and the value. */
function ShiftBar({
  ratio: { value, low, high },
  reach,
}: {
  readonly ratio: Interval
  readonly reach: number
}): JSX.Element {
  const x = (ratio: number) => (width / 2) * (1 + (ratio - 1) / reach)
  const [from, to] = [Math.max(0, x(low)), Math.min(width, x(high))]
  return (
    <svg class="bar" viewBox={`0 0 ${width} 18`} width={width} height={18} aria-hidden="true">
      <path class="rail" d={`M0 9H${width}`} />
      <path class="goal" d={`M${width / 2} 0V18`} />
      <rect class="band" x={from} y={5} width={Math.max(1, to - from)} height={8} />
      <path class="value" d={`M${x(value)} 2V16`} />
    </svg>
  )
}
