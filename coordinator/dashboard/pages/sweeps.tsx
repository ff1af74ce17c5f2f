import type { JSX } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { SweepLine, SweepList } from '../../service/http/api.js'
import { deviceSeconds, percent, times, wholeNumber } from '../../analysis/report/units.js'
import { useEvents } from '../live/stream.js'
import { useLoaded } from '../live/use-loaded.js'
import { Link, Refusal, StateMark } from '../parts/small.js'
import { dayWords } from '../parts/words.js'
import { worstClaim } from '../sweep/claims.js'

export function SweepsPage(): JSX.Element {
  const { value, refused } = useLoaded<SweepList>('sweeps')
  const [told, setTold] = useState<SweepList>()
  useEvents('sweeps', setTold)
  const more = useMore(told ?? value)
  const list = told ?? value
  return (
    <>
      <h1>Sweeps</h1>
      <Refusal error={refused} />
      {list?.total === 0 && (
        <p class="empty">
          Nothing has been measured here yet. <Link to={{ page: 'new' }}>Write a sweep</Link>, or
          run <code>fmwork run sweep.yaml</code>.
        </p>
      )}
      {list !== undefined && list.total > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Sweeps">
          <table>
            <thead>
              <tr>
                <th scope="col">Sweep</th>
                <th scope="col">State</th>
                <th scope="col" class="n">
                  Measured
                </th>
                <th scope="col" class="n">
                  Accuracy
                </th>
                <th scope="col" class="n">
                  Spent
                </th>
                <th scope="col" class="n">
                  Gain
                </th>
                <th scope="col">Begun</th>
              </tr>
            </thead>
            <tbody>
              {[...list.sweeps, ...more.lines].map((line) => (
                <Row key={line.summary.sweepId} line={line} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more.load !== undefined && (
        <button type="button" onClick={more.load}>
          Older sweeps
        </button>
      )}
    </>
  )
}

/** Sweeps beyond the first page, asked for by hand. */
function useMore(list: SweepList | undefined) {
  const [offset, setOffset] = useState(0)
  const [lines, setLines] = useState<readonly SweepLine[]>([])
  const page = useLoaded<SweepList>(`sweeps?offset=${offset}`)
  const shown = (list?.sweeps.length ?? 0) + lines.length
  useEffect(() => {
    const older = page.value
    if (offset > 0 && older !== undefined) setLines((before) => [...before, ...older.sweeps])
  }, [page.value, offset])
  const load = useCallback(() => {
    setOffset(shown)
  }, [shown])
  return { lines, load: list !== undefined && shown < list.total ? load : undefined }
}

function Row({ line: { summary, status } }: { readonly line: SweepLine }): JSX.Element {
  const claim = worstClaim(status)
  return (
    <tr>
      <th scope="row" class="named">
        <Link to={{ page: 'sweep', sweep: summary.name, tab: 'overview' }}>{summary.name}</Link>
        {summary.reason !== '' && <span class="note block">{summary.reason}</span>}
      </th>
      <td>
        <StateMark state={summary.state} />
      </td>
      <td class="n">
        {wholeNumber(status.measured)} of {wholeNumber(status.configurations)}
      </td>
      <td class="n">
        {claim === undefined ? (
          <span class="dim">not yet calibrated</span>
        ) : (
          <>
            {percent(claim.accuracy.value)} <span class="dim">{claim.metric}</span>
          </>
        )}
      </td>
      <td class="n">{deviceSeconds(status.spent.deviceSeconds)}</td>
      <td class="n">{times(status.gain.value)}</td>
      <td class="when">{dayWords(summary.createdAt)}</td>
    </tr>
  )
}
