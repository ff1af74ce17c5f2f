import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { TrialView } from '../../service/http/api.js'
import { wallTime, wholeNumber } from '../../analysis/report/units.js'
import { Numbers } from '../parts/numbers.js'
import { RequestTimeline } from './request-timeline.js'
import { TelemetryCharts } from './telemetry-charts.js'

export interface Span {
  readonly from: number
  readonly to: number
}

/** From the first thing that was seen to the last, in seconds of the measured window. */
function spanOf({ requests, telemetry }: TrialView): Span {
  const times = [
    ...requests.flatMap(({ scheduledAt, endedAt }) => [scheduledAt, endedAt]),
    ...(requests.length === 0 ? telemetry.map(({ at }) => at) : []),
  ]
  const from = times.reduce((least, each) => Math.min(least, each), Infinity)
  const to = times.reduce((most, each) => Math.max(most, each), -Infinity)
  const margin = Math.max(0.01, (to - from) * 0.02)
  return Number.isFinite(from) ? { from: from - margin, to: to + margin } : { from: 0, to: 1 }
}

const since = (sentAt: number, at: number | undefined): string =>
  at === undefined ? '–' : wallTime(at - sentAt)

/** Every request, and what the device did meanwhile, on one axis of time. */
export function Drill({ view }: { readonly view: TrialView }): JSX.Element {
  const span = useMemo(() => spanOf(view), [view])
  const { requests, requestsInAll, telemetry, readingsInAll } = view
  return (
    <section>
      <h2>Requests</h2>
      {requests.length === 0 ? (
        <p class="empty">No request was recorded.</p>
      ) : (
        <>
          <p class="note">
            {requests.length === requestsInAll
              ? `All ${wholeNumber(requestsInAll)} requests`
              : `The first ${wholeNumber(requests.length)} of ${wholeNumber(requestsInAll)} requests`}
            , each from sending to its last token; the tick is the first token. Seconds from the
            start of the measured window.
          </p>
          <RequestTimeline requests={requests} span={span} />
          <Numbers
            title="Requests in numbers"
            table={() => ({
              columns: [
                'request',
                'sent at',
                'to first event',
                'to first token',
                'to end',
                'tokens in',
                'tokens out',
                'outcome',
              ],
              rows: requests.map((each) => [
                `${each.repetition}.${each.request}${each.warmUp ? ' (warm-up)' : ''}`,
                `${each.sentAt.toFixed(3)} s`,
                since(each.sentAt, each.firstEventAt),
                since(each.sentAt, each.chunkAt[0]),
                wallTime(each.endedAt - each.sentAt),
                each.inputTokens === null ? 'not told' : wholeNumber(each.inputTokens),
                each.outputTokens === null ? 'not told' : wholeNumber(each.outputTokens),
                each.error === undefined ? each.outcome : `${each.outcome}: ${each.error}`,
              ]),
            })}
          />
        </>
      )}
      <h2>Device</h2>
      {telemetry.length === 0 ? (
        <p class="empty">This host told nothing of its devices during the trial.</p>
      ) : (
        <>
          {telemetry.length < readingsInAll && (
            <p class="note">
              Every {Math.round(readingsInAll / telemetry.length)}th of {wholeNumber(readingsInAll)}{' '}
              readings.
            </p>
          )}
          <TelemetryCharts readings={telemetry} span={span} />
        </>
      )}
    </section>
  )
}
