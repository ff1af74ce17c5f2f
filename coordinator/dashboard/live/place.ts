import { useEffect, useState } from 'preact/hooks'

export const sweepTabs = ['overview', 'surface', 'trials', 'events', 'file'] as const
export type SweepTab = (typeof sweepTabs)[number]

/** Where in the dashboard the reader is: kept in the address, so that it can be sent to somebody. */
export type Place =
  | { readonly page: 'sweeps' }
  | { readonly page: 'agents' }
  | { readonly page: 'new' }
  | { readonly page: 'sweep'; readonly sweep: string; readonly tab: SweepTab }
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
  const [page, sweep, tab, trial] = partsOf(hash)
  if (page === 'agents' || page === 'new') return { page }
  if (page !== 'sweeps' || sweep === undefined || sweep === '') return { page: 'sweeps' }
  if (tab === 'trials' && trial !== undefined) return { page: 'trial', sweep, trial }
  return { page: 'sweep', sweep, tab: sweepTabs.find((each) => each === tab) ?? 'overview' }
}

export function hashOf(place: Place): string {
  switch (place.page) {
    case 'sweeps':
    case 'agents':
    case 'new':
      return `#/${place.page}`
    case 'sweep':
      return `#/sweeps/${encodeURIComponent(place.sweep)}/${place.tab}`
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
