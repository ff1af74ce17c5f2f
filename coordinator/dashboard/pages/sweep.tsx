import type { JSX } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import type { StatusView, SweepView } from '../../service/http/api.js'
import { sweepTabs } from '../live/place.js'
import type { SweepTab, TrialFilter } from '../live/place.js'
import { useEvents } from '../live/stream.js'
import { useLoaded } from '../live/use-loaded.js'
import { Link, Refusal, StateMark } from '../parts/small.js'
import { Actions } from '../sweep/actions.js'
import { EventsTab } from '../sweep/events.js'
import { Overview } from '../sweep/overview.js'
import { TrialsTab } from '../sweep/trials.js'
import { SurfaceTab } from '../surface/surface-tab.js'

const tabWords: Readonly<Record<SweepTab, string>> = {
  overview: 'Overview',
  surface: 'Surface',
  trials: 'Trials',
  events: 'Events',
  file: 'Sweep file',
}

export function SweepPage({
  sweep,
  tab,
  show,
  mayChange,
}: {
  readonly sweep: string
  readonly tab: SweepTab
  readonly show: TrialFilter
  readonly mayChange: boolean
}): JSX.Element {
  const { value, refused, reload } = useLoaded<SweepView>(`sweeps/${encodeURIComponent(sweep)}`)
  const [told, setTold] = useState<StatusView>()
  const hear = useCallback((status: StatusView) => {
    setTold(status)
  }, [])
  useEvents('status', hear)
  if (value === undefined) {
    return refused === undefined ? <p class="note">Loading …</p> : <Refusal error={refused} />
  }
  const fits = told?.sweep.sweepId === value.status.sweep.sweepId
  const status = fits ? told : value.status
  const { reason, state, name } = status.sweep
  return (
    <>
      <div class="headline">
        <div>
          <h1>{name}</h1>
          <p class="under" role="status">
            <StateMark state={state} />
            {reason !== '' && <span>{reason}</span>}
          </p>
        </div>
        {mayChange && <Actions status={status} spec={value.spec} onChange={reload} />}
      </div>
      <nav class="tabs" aria-label="Parts of the sweep">
        {sweepTabs.map((each) => (
          <Link key={each} to={{ page: 'sweep', sweep, tab: each }} current={each === tab}>
            {tabWords[each]}
          </Link>
        ))}
      </nav>
      <Tab tab={tab} sweep={sweep} view={value} status={status} show={show} />
    </>
  )
}

function Tab({
  tab,
  sweep,
  view,
  status,
  show,
}: {
  readonly tab: SweepTab
  readonly sweep: string
  readonly view: SweepView
  readonly status: StatusView
  readonly show: TrialFilter
}): JSX.Element {
  switch (tab) {
    case 'overview':
      return <Overview sweep={sweep} view={view} status={status} />
    case 'surface':
      return <SurfaceTab sweep={sweep} view={view} />
    case 'trials':
      return (
        <TrialsTab
          sweep={sweep}
          metrics={view.spec.metrics}
          changes={status.changes}
          filter={show}
        />
      )
    case 'events':
      return <EventsTab sweep={sweep} />
    case 'file':
      return (
        <pre class="file" tabIndex={0} aria-label="The sweep file as submitted">
          {view.text}
        </pre>
      )
  }
}
