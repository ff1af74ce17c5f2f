import type { JSX } from 'preact'
import { whoseLevel } from '../../../shared/domain/level-change.js'
import type { LevelChange } from '../../../shared/domain/meta-metrics.js'
import { wholeNumber } from '../../analysis/report/units.js'
import { Link } from '../parts/small.js'
import { countWords, dayWords, metricWords, timeWords } from '../parts/words.js'
import { ReachHead, reachOf, ShiftCells } from './shift-bar.js'

/** Steps in the level of agents and the trials that they make suspect; nothing while none is found. */
export function Levels({
  sweep,
  changes,
}: {
  readonly sweep: string
  readonly changes: readonly LevelChange[]
}): JSX.Element | null {
  if (changes.length === 0) return null
  const reach = reachOf(changes.flatMap(({ shifts }) => shifts.map(({ ratio }) => ratio)))
  return (
    <section class="levels">
      <h2>Levels that changed</h2>
      <p class="note">
        Configurations that were measured again show that an agent, or every one, became faster or
        slower for good while the sweep ran. The trials since the step are suspect, or the few
        before it: none is dropped, but how far they are off is one more unknown of the surface, and
        what is uncertain for that is measured again.{' '}
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
              <ReachHead reach={reach} />
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
          <ShiftCells ratio={ratio} reach={reach} />
          {row === 0 && (
            <td rowSpan={rows}>
              {suspect === 'before'
                ? `the ${countWords(before, 'trial')} before it; ${wholeNumber(since)} since`
                : `the ${countWords(since, 'trial')} since; ${wholeNumber(before)} before it`}
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
