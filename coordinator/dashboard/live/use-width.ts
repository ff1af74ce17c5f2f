import { useEffect, useRef, useState } from 'preact/hooks'
import type { RefObject } from 'preact'

/** The width in pixels of the element that gets the reference; 0 until it is laid out. */
export function useWidth<E extends HTMLElement>(): [RefObject<E | null>, number] {
  const element = useRef<E | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const { current } = element
    if (current === null) return
    const observer = new ResizeObserver(() => {
      setWidth(Math.floor(current.clientWidth))
    })
    observer.observe(current)
    setWidth(Math.floor(current.clientWidth))
    return () => {
      observer.disconnect()
    }
  }, [])
  return [element, width]
}
