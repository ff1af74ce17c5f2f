import type { ComponentChildren, JSX } from 'preact'
import { hashOf } from '../live/place.js'
import type { Place } from '../live/place.js'
import type { RefusedError } from '../live/api-client.js'

type State = 'good' | 'work' | 'rest' | 'bad' | 'warn'

const states: Readonly<Record<string, State>> = {
  RUNNING: 'work',
  LEASED: 'work',
  QUEUED: 'rest',
  PAUSED: 'warn',
  COMPLETED: 'good',
  SUCCEEDED: 'good',
  CANCELLED: 'rest',
  ABANDONED: 'rest',
  INFEASIBLE: 'warn',
  FAILED: 'bad',
}

/** A state: its word, and a mark whose shape differs too. */
export function StateMark({ state }: { readonly state: string }): JSX.Element {
  return <span class={`state ${states[state] ?? 'rest'}`}>{state.toLowerCase()}</span>
}

export function Link({
  to,
  children,
  current,
}: {
  readonly to: Place
  readonly children: ComponentChildren
  readonly current?: boolean
}): JSX.Element {
  return (
    <a href={hashOf(to)} {...(current === true ? { 'aria-current': 'page' as const } : {})}>
      {children}
    </a>
  )
}

/** One figure that a reader takes home: what, how much, and what to know about it. */
export function Figure({
  label,
  value,
  note,
  children,
}: {
  readonly label: string
  readonly value: string
  readonly note?: string
  readonly children?: ComponentChildren
}): JSX.Element {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        <span class="value">
          {value.split(' ').map((part, k) =>
            k === 0 || /^[\d.,]+$/.test(part) ? (
              `${k === 0 ? '' : ' '}${part}`
            ) : (
              <span key={k} class="unit">
                {' '}
                {part}
              </span>
            ),
          )}
        </span>
        {note !== undefined && <span class="note">{note}</span>}
        {children}
      </dd>
    </div>
  )
}

export function Refusal({
  error,
}: {
  readonly error: RefusedError | undefined
}): JSX.Element | null {
  if (error === undefined) return null
  return (
    <div class="refusal" role="alert">
      <strong>{error.view.message}</strong> <span>{error.view.hint}</span>
      {error.view.problems.map((problem) => (
        <div key={problem.field}>
          {problem.field} {problem.value === undefined ? '' : `is ${problem.value}; `}
          {problem.expected}
        </div>
      ))}
    </div>
  )
}

export function Select<T extends string>({
  label,
  value,
  options,
  words = (each) => each,
  onPick,
}: {
  readonly label: string
  readonly value: T
  readonly options: readonly T[]
  readonly words?: (option: T) => string
  readonly onPick: (option: T) => void
}): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={value}
        onChange={({ currentTarget }) => {
          const picked = options.find((each) => each === currentTarget.value)
          if (picked !== undefined) onPick(picked)
        }}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {words(option)}
          </option>
        ))}
      </select>
    </label>
  )
}
