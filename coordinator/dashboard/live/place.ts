import { useEffect, useState } from 'preact/hooks'

export const sweepTabs = ['overview', 'surface', 'trials', 'events', 'file'] as const
export type SweepTab = (typeof sweepTabs)[number]

/** Which trials of a sweep are listed. */
export const trialFilters = [
  'all',
  'audits',
  'doubted',
  'suspect',
  'failed',
  'infeasible',
  'waiting',
] as const
export type TrialFilter = (typeof trialFilters)[number]

/** Where in the dashboard the reader is: kept in the address, so that it can be sent to somebody. */
export type Place =
  | { readonly page: 'sweeps' }
  | { readonly page: 'agents' }
  | { readonly page: 'new' }
  | {
      readonly page: 'sweep'
      readonly sweep: string
      readonly tab: SweepTab
      /** Of the trials; all when absent. */
      readonly show?: TrialFilter
    }
  | { readonly page: 'trial'; readonly sweep: string; readonly trial: string }

/** The parts of an address; none for one that is no valid encoding. */
function partsOf(hash: string): string[] {
  try {
    return hash
      .replace(/^#?\/?/, '')
      .split('/')
      .map(decodeURIComponent)
  } catch {
    return []
  }
}

export function placeOf(hash: string): Place {
  const [path = '', query] = hash.split('?', 2)
  const [page, sweep, tab, trial] = partsOf(path)
  if (page === 'agents' || page === 'new') return { page }
  if (page !== 'sweeps' || sweep === undefined || sweep === '') return { page: 'sweeps' }
  if (tab === 'trials' && trial !== undefined) return { page: 'trial', sweep, trial }
  const wanted = new URLSearchParams(query).get('show')
  const show = trialFilters.find((each) => each === wanted)
  return {
    page: 'sweep',
    sweep,
    tab: sweepTabs.find((each) => each === tab) ?? 'overview',
    ...(show === undefined ? {} : { show }),
  }
}

export function hashOf(place: Place): string {
  switch (place.page) {
    case 'sweeps':
    case 'agents':
    case 'new':
      return `#/${place.page}`
    case 'sweep':
      return `#/sweeps/${encodeURIComponent(place.sweep)}/${place.tab}${place.show === undefined ? '' : `?show=${place.show}`}`
    case 'trial':
      return `#/sweeps/${encodeURIComponent(place.sweep)}/trials/${encodeURIComponent(place.trial)}`
  }
}

export function go(place: Place): void {
  location.hash = hashOf(place)
}

export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location.hash))
  useEffect(() => {
    const moved = () => {
      setPlace(placeOf(location.hash))
    }
    addEventListener('hashchange', moved)
    return () => {
      removeEventListener('hashchange', moved)
    }
  }, [])
  return place
}
