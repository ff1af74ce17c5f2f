import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { getJson, RefusedError } from './api-client.js'

export interface Loaded<T> {
  readonly value: T | undefined
  readonly refused: RefusedError | undefined
  /** Asks again; what is shown stays until the answer is there. */
  readonly reload: () => void
}

/** Milliseconds between two questions for the same thing at least. */
const pace = 1000

/** What a path of the API says; undefined until it has answered. */
export function useLoaded<T>(path: string): Loaded<T> {
  const [found, setFound] = useState<{ path: string; value?: T; refused?: RefusedError }>({ path })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const current = useRef(path)
  current.current = path

  const load = useCallback(() => {
    getJson<T>(path).then(
      (value) => {
        if (current.current === path) setFound({ path, value })
      },
      (refused: unknown) => {
        if (current.current !== path || !(refused instanceof RefusedError)) return
        setFound((before) => ({ ...(before.path === path ? before : {}), path, refused }))
      },
    )
  }, [path])

  useEffect(() => {
    load()
    return () => {
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [load])

  const reload = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      load()
    }, pace)
  }, [load])

  const mine = found.path === path
  return {
    value: mine ? found.value : undefined,
    refused: mine ? found.refused : undefined,
    reload,
  }
}
