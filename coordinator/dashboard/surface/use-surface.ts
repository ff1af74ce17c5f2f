import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { SpaceView } from '../../service/http/api.js'
import { getBytes, getJson, RefusedError } from '../live/api-client.js'
import { useEvents } from '../live/stream.js'
import { gridOf, placesOf } from './grid.js'
import type { Grid, Places } from './grid.js'

/** Milliseconds between two surfaces asked for, and before one that was not there is asked for again. */
const pace = 2500

export interface LiveSurface {
  readonly places: Places | undefined
  readonly grid: Grid | undefined
  readonly refused: RefusedError | undefined
}

/** The axes of a sweep and the surface of one metric over them, kept up to date. */
export function useSurface(sweep: string, metric: string): LiveSurface {
  const root = `sweeps/${encodeURIComponent(sweep)}`
  const [places, setPlaces] = useState<Places>()
  const [grid, setGrid] = useState<Grid>()
  const [refused, setRefused] = useState<RefusedError>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const wanted = useRef(metric)
  wanted.current = metric

  const loadPlaces = useCallback(async () => {
    const space = await getJson<SpaceView>(`${root}/space`)
    const { bytes } = await getBytes(`${root}/places`)
    setPlaces(placesOf(space, new Uint32Array(bytes)))
  }, [root])

  const load = useCallback(async () => {
    try {
      if (places === undefined) await loadPlaces()
      const { bytes, revision } = await getBytes(`${root}/surface/${metric}`)
      if (wanted.current !== metric) return
      setGrid(gridOf(metric, revision, bytes))
      setRefused(undefined)
    } catch (thrown) {
      if (thrown instanceof RefusedError) setRefused(thrown)
    }
  }, [root, metric, places, loadPlaces])

  useEffect(() => {
    void load()
    return () => {
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [load])

  useEvents(
    'surface',
    useCallback(
      ({ revision }: { readonly revision: number }) => {
        if (revision === grid?.revision) return
        timer.current ??= setTimeout(() => {
          timer.current = undefined
          void load()
        }, pace)
      },
      [grid, load],
    ),
  )
  return { places, grid: grid?.metric === metric ? grid : undefined, refused }
}
