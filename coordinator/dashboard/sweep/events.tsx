import type { JSX } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { SweepEvent } from '../../../shared/domain/sweep-reader.js'
import type { EventsView } from '../../service/http/api.js'
import { getJson } from '../live/api-client.js'
import { useEvents } from '../live/stream.js'
import { VirtualRows } from '../parts/virtual-rows.js'
import { StateMark } from '../parts/small.js'
import { dayWords, subjectWords, timeWords } from '../parts/words.js'

const kept = 5000

/** Everything that moved, the newest first. */
export function EventsTab({ sweep }: { readonly sweep: string }): JSX.Element {
  const [events, setEvents] = useState<readonly SweepEvent[]>([])
  const [more, setMore] = useState(false)
  const path = `sweeps/${encodeURIComponent(sweep)}/events`

  const older = useCallback(
    (before: number | undefined) => {
      getJson<EventsView>(`${path}${before === undefined ? '' : `?before=${before}`}`).then(
        (view) => {
          setEvents((known) => [...known, ...view.events])
          setMore(view.more)
        },
        () => {
          setMore(true)
        },
      )
    },
    [path],
  )
  useEffect(() => {
    older(undefined)
  }, [older])
  useEvents(
    'events',
    useCallback((moved: readonly SweepEvent[]) => {
      setEvents((known) => {
        const last = known[0]?.id ?? 0
        return [...moved.filter(({ id }) => id > last).reverse(), ...known].slice(0, kept)
      })
    }, []),
  )
  const oldest = events.at(-1)?.id
  return (
    <section>
      <h2 class="visually-hidden">Events</h2>
      <VirtualRows
        label="Events"
        count={events.length}
        head={
          <tr>
            <th scope="col">Time</th>
            <th scope="col">What</th>
            <th scope="col">Moved to</th>
            <th scope="col">Agent</th>
            <th scope="col">Of</th>
            <th scope="col">Why</th>
          </tr>
        }
        row={(index) => {
          const event = events[index]
          return event === undefined ? null : <Row key={event.id} event={event} row={index} />
        }}
      />
      {more && oldest !== undefined && (
        <button
          type="button"
          onClick={() => {
            older(oldest)
          }}
        >
          Older events
        </button>
      )}
    </section>
  )
}

function Row({ event, row }: { readonly event: SweepEvent; readonly row: number }): JSX.Element {
  return (
    <tr aria-rowindex={row + 2}>
      <td title={dayWords(event.at)}>{timeWords(event.at)}</td>
      <td>{event.entity}</td>
      <td>
        <StateMark state={event.to} /> <span class="dim">from {event.from.toLowerCase()}</span>
      </td>
      <td>{event.agent}</td>
      <td class="wide" title={event.subject.replaceAll('|', ' · ')}>
        {subjectWords(event.subject)}
      </td>
      <td class="wide">{event.reason}</td>
    </tr>
  )
}
