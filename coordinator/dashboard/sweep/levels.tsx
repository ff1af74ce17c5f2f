import type { JSX } from 'preact'
import { shiftWords, whoseLevel } from '../../../shared/domain/level-change.js'
import type { Interval, LevelChange } from '../../../shared/domain/meta-metrics.js'
import { percent } from '../../analysis/report/units.js'
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
  const widest = Math.max(
    ...changes.flatMap(({ shifts }) =>
      shifts.flatMap(({ ratio: { low, high } }) => [Math.abs(low - 1), Math.abs(high - 1)]),
    ),
  )
  const reach = Math.ceil(widest * 110) / 100
  return (
    <section class="levels">
      <h2>Levels that changed</h2>
      <p class="note">
        Configurations that were measured again show that an agent, or every one, became faster or
        slower for good while the sweep ran. Nothing is dropped or corrected: of the trials before
        the step and since, the fewer are marked suspect.{' '}
        <Link to={{ page: 'sweep', sweep, tab: 'trials', show: 'suspect' }}>
          Show the suspect trials
        </Link>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Levels that changed">
        <table>
          <thead>
            <tr>
              <th scope="col">Whose</th>
              <th scope="col">Stepped between</th>
              <th scope="col">Metric</th>
              <th scope="col">New level against old</th>
              <th scope="col">
                −{percent(reach)} to +{percent(reach)}
              </th>
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

function Change({
  change,
  reach,
}: {
  readonly change: LevelChange
  readonly reach: number
}): JSX.Element {
  const { before, since, suspect, shifts } = change
  const rows = Math.max(1, shifts.length)
  return (
    <tbody>
      {shifts.map(({ metric, ratio }, row) => (
        <tr key={metric}>
          {row === 0 && (
            <>
              <th scope="rowgroup" rowSpan={rows}>
                {whoseLevel(change)}
              </th>
              <td rowSpan={rows} class="when">
                {betweenWords(change)}
              </td>
            </>
          )}
          <td>{metricWords(metric)}</td>
          <td class="figures">{shiftWords(ratio)}</td>
          <td>
            <ShiftBar ratio={ratio} reach={reach} />
          </td>
          {row === 0 && (
            <td rowSpan={rows}>
              {suspect === 'before'
                ? `the ${countWords(before, 'trial')} before it; ${since} since`
                : `the ${countWords(since, 'trial')} since; ${before} before it`}
            </td>
          )}
        </tr>
      ))}
    </tbody>
  )
}

const sameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString()

/** `1 Jan 2026, 10:05:00 and 10:06:00`: where the step lies. */
export const betweenWords = ({ after, by }: LevelChange): string =>
  `${dayWords(after)} and ${sameDay(after, by) ? timeWords(by) : dayWords(by)}`

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
