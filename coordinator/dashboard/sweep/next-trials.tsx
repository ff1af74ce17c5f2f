import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { TrialLine } from '../../../shared/domain/sweep-reader.js'
import type { StatusView } from '../../service/http/api.js'
import { useEvents } from '../live/stream.js'
import { useLoaded } from '../live/use-loaded.js'
import { StateMark } from '../parts/small.js'
import { configurationWords } from '../parts/words.js'

/** Where the strategy will measure next, in its own words why. */
export function NextTrials({
  sweep,
  status,
}: {
  readonly sweep: string
  readonly status: StatusView
}): JSX.Element {
  const { value } = useLoaded<readonly TrialLine[]>(`sweeps/${encodeURIComponent(sweep)}/next`)
  const [told, setTold] = useState<readonly TrialLine[]>()
  useEvents('next', setTold)
  const lines = told ?? value ?? []
  const over = status.sweep.state !== 'RUNNING'
  return (
    <section>
      <h2>Measured now and next</h2>
      {lines.length === 0 ? (
        <p class="empty">
          {over ? 'The sweep is not running.' : 'The strategy is asked when an agent is free.'}
        </p>
      ) : (
        <ol class="next" tabIndex={0} aria-label="Trials to come">
          {lines.map((line) => (
            <li key={line.trialId}>
              <span class="what">
                {configurationWords(line.configuration)} <StateMark state={line.state} />
              </span>
              <span class="note">
                {line.purpose}: {line.why === '' ? 'no reason was given' : line.why}
                {line.agent === '' ? '' : ` · ${line.agent}`}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
