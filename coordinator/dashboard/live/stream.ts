import { useEffect, useState } from 'preact/hooks'
import type { StreamEvents } from '../../service/http/api.js'

type Name = keyof StreamEvents
type Hear<N extends Name> = (value: StreamEvents[N]) => void

const names: readonly Name[] = [
  'status',
  'next',
  'trials',
  'surface',
  'events',
  'agents',
  'pulse',
  'sweeps',
]

export type LineState = 'connecting' | 'live' | 'lost'

/** Milliseconds before a line that was refused is tried again; a browser retries the others itself. */
const retryMs = 3000

const ears = new Map<Name, Set<(value: never) => void>>()
const watchers = new Set<(state: LineState) => void>()
let source: EventSource | undefined
let address = ''
let state: LineState = 'connecting'

function say(next: LineState): void {
  state = next
  for (const watcher of watchers) watcher(next)
}

function open(): void {
  const opened = new EventSource(address)
  source = opened
  opened.addEventListener('open', () => {
    say('live')
  })
  opened.addEventListener('error', () => {
    say('lost')
    if (opened.readyState !== EventSource.CLOSED) return
    setTimeout(() => {
      if (source === opened) open()
    }, retryMs)
  })
  for (const name of names) {
    opened.addEventListener(name, (event: MessageEvent<string>) => {
      const value = JSON.parse(event.data) as never
      for (const hear of ears.get(name) ?? []) hear(value)
    })
  }
}

/** The one line of this page to the coordinator. */
export function listenTo(sweep: string | undefined, topics: readonly string[]): void {
  const query = new URLSearchParams(topics.map((topic) => ['topic', topic]))
  if (sweep !== undefined) query.set('sweep', sweep)
  const wanted = `/api/v1/stream?${query.toString()}`
  if (wanted === address) return
  address = wanted
  source?.close()
  say('connecting')
  open()
}

export function hangUp(): void {
  source?.close()
  source = undefined
  address = ''
}

/** Calls `hear` for every event of a name while the component is there. */
export function useEvents<N extends Name>(name: N, hear: Hear<N>): void {
  useEffect(() => {
    const set = ears.get(name) ?? new Set()
    ears.set(name, set)
    set.add(hear)
    return () => {
      set.delete(hear)
    }
  }, [name, hear])
}

export function useLineState(): LineState {
  const [shown, show] = useState(state)
  useEffect(() => {
    watchers.add(show)
    return () => {
      watchers.delete(show)
    }
  }, [])
  return shown
}
