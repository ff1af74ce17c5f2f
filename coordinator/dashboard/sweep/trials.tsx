import type { JSX } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { changesSuspecting, changeWords } from '../../../shared/domain/level-change.js'
import type { LevelChange } from '../../../shared/domain/meta-metrics.js'
import type { TrialLine } from '../../../shared/domain/sweep-reader.js'
import type { TrialsView } from '../../service/http/api.js'
import { deviceSeconds } from '../../analysis/report/units.js'
import { getJson } from '../live/api-client.js'
import { go, trialFilters } from '../live/place.js'
import type { TrialFilter } from '../live/place.js'
import { useEvents } from '../live/stream.js'
import { Link, Select, StateMark } from '../parts/small.js'
import { VirtualRows } from '../parts/virtual-rows.js'
import type { RowWindow } from '../parts/virtual-rows.js'
import {
  blockWords,
  configurationWords,
  countWords,
  metricWords,
  valueWords,
} from '../parts/words.js'

const pageSize = 100
const pace = 1000

const queryOf: Readonly<Record<TrialFilter, string>> = {
  all: '',
  audits: '&purpose=audit',
  doubted: '&doubted=1',
  suspect: '&suspect=1',
  failed: '&state=FAILED&state=ABANDONED',
  infeasible: '&state=INFEASIBLE',
  waiting: '&state=QUEUED&state=LEASED&state=RUNNING',
}

const filterWords = (filter: TrialFilter): string =>
  filter === 'failed' ? 'invalid or failed' : filter

/** Pages of trials around what is in view, asked again when some ended. */
function usePages(sweep: string, filter: TrialFilter) {
  const [total, setTotal] = useState(0)
  const [pages, setPages] = useState<ReadonlyMap<number, readonly TrialLine[]>>(new Map())
  const window = useRef<RowWindow>({ first: 0, last: 40 })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const root = `sweeps/${encodeURIComponent(sweep)}/trials?limit=${pageSize}${queryOf[filter]}`

  const load = useCallback(
    (page: number, abort: AbortSignal) => {
      getJson<TrialsView>(`${root}&offset=${page * pageSize}`, abort).then(
        (view) => {
          if (abort.aborted) return
          setTotal(view.total)
          setPages((known) => new Map(known).set(page, view.trials))
        },
        () => undefined, // What is shown stays; the next event asks again.
      )
    },
    [root],
  )
  const [life, setLife] = useState<AbortController>()
  useEffect(() => {
    const made = new AbortController()
    setLife(made)
    setPages(new Map())
    load(0, made.signal)
    return () => {
      made.abort()
    }
  }, [load])

  const inView = useCallback(() => {
    const first = Math.floor(window.current.first / pageSize)
    const last = Math.floor(window.current.last / pageSize)
    return Array.from({ length: last - first + 1 }, (_, k) => first + k)
  }, [])
  const look = useCallback(
    (seen: RowWindow) => {
      window.current = seen
      if (life === undefined) return
      for (const page of inView()) if (!pages.has(page)) load(page, life.signal)
    },
    [inView, life, load, pages],
  )
  useEvents(
    'trials',
    useCallback(() => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined
        if (life === undefined) return
        const wanted = inView()
        setPages((known) => new Map([...known].filter(([page]) => wanted.includes(page))))
        for (const page of wanted) load(page, life.signal)
      }, pace)
    }, [inView, life, load]),
  )
  return { total, pages, look }
}

export function TrialsTab({
  sweep,
  metrics,
  changes,
  filter,
}: {
  readonly sweep: string
  readonly metrics: readonly string[]
  /** Of levels: they make trials suspect. */
  readonly changes: readonly LevelChange[]
  readonly filter: TrialFilter
}): JSX.Element {
  const { total, pages, look } = usePages(sweep, filter)
  const head = useMemo(
    () => (
      <tr>
        <th scope="col">Configuration</th>
        <th scope="col">State</th>
        <th scope="col">Doubts</th>
        <th scope="col">For</th>
        {metrics.map((metric) => (
          <th key={metric} scope="col" class="n">
            {metricWords(metric)}
          </th>
        ))}
        <th scope="col" class="n">
          Cost
        </th>
        <th scope="col">Agent</th>
        <th scope="col">Why</th>
      </tr>
    ),
    [metrics],
  )
  return (
    <section>
      <div class="with-controls">
        <p class="note" role="status">
          {countWords(total, 'trial')}
          {filter === 'all' ? '' : `: ${filterWords(filter)}`}
        </p>
        <Select
          label="Show"
          value={filter}
          options={trialFilters}
          words={filterWords}
          onPick={(show) => {
            go({ page: 'sweep', sweep, tab: 'trials', show })
          }}
        />
      </div>
      <VirtualRows
        label="Trials"
        count={total}
        head={head}
        onWindow={look}
        row={(index) => {
          const trial = pages.get(Math.floor(index / pageSize))?.[index % pageSize]
          return (
            <Row
              key={index}
              index={index}
              trial={trial}
              sweep={sweep}
              metrics={metrics}
              changes={changes}
            />
          )
        }}
      />
    </section>
  )
}

function Row({
  index,
  trial,
  sweep,
  metrics,
  changes,
}: {
  readonly index: number
  readonly trial: TrialLine | undefined
  readonly sweep: string
  readonly metrics: readonly string[]
  readonly changes: readonly LevelChange[]
}): JSX.Element {
  if (trial === undefined) {
    return (
      <tr aria-rowindex={index + 2}>
        <td colSpan={metrics.length + 7} class="dim">
          …
        </td>
      </tr>
    )
  }
  const figures = new Map(trial.figures.map(({ metric, value }) => [metric, value]))
  const suspectedBy = changesSuspecting(trial, changes)
  const doubts = [
    ...(suspectedBy.length === 0 ? [] : ['suspect']),
    ...trial.doubts.map(({ kind }) => kind.replaceAll('_', ' ')),
  ]
  const invalid = trial.doubts.some(({ severity }) => severity === 'invalid')
  return (
    <tr aria-rowindex={index + 2} class={invalid ? 'invalid' : ''}>
      <th scope="row" title={blockWords(trial.configuration)}>
        <Link to={{ page: 'trial', sweep, trial: trial.trialId }}>
          {configurationWords(trial.configuration)}
        </Link>
      </th>
      <td>
        <StateMark state={trial.state} />
        {trial.attempt > 1 && <span class="dim"> at attempt {trial.attempt}</span>}
      </td>
      <td class="doubts" title={[...suspectedBy.map(changeWords), ...doubts].join('; ')}>
        {doubts.join(', ')}
      </td>
      <td>{trial.purpose}</td>
      {metrics.map((metric) => {
        const value = figures.get(metric)
        return (
          <td key={metric} class="n">
            {value === undefined ? '' : valueWords(metric, value)}
          </td>
        )
      })}
      <td class="n">{trial.deviceSeconds > 0 ? deviceSeconds(trial.deviceSeconds) : ''}</td>
      <td>{trial.agent}</td>
      <td class="wide">{trial.reason === '' ? trial.why : trial.reason}</td>
    </tr>
  )
}
