import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** Pixels of a row; the style sheet holds rows to it. */
export const rowHeight = 34
const beyond = 8

export interface RowWindow {
  readonly first: number
  /** Exclusive. */
  readonly last: number
}

/** A table of which only the rows in view exist. */
export function VirtualRows({
  label,
  count,
  head,
  row,
  onWindow,
}: {
  readonly label: string
  readonly count: number
  readonly head: ComponentChildren
  readonly row: (index: number) => ComponentChildren
  readonly onWindow?: (window: RowWindow) => void
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<RowWindow>({ first: 0, last: 40 })

  useEffect(() => {
    const { current } = box
    if (current === null) return
    const measure = () => {
      const first = Math.max(0, Math.floor(current.scrollTop / rowHeight) - beyond)
      const last = first + Math.ceil(current.clientHeight / rowHeight) + 2 * beyond
      setView((before) =>
        before.first === first && before.last === last ? before : { first, last },
      )
    }
    measure()
    current.addEventListener('scroll', measure, { passive: true })
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => {
      current.removeEventListener('scroll', measure)
      observer.disconnect()
    }
  }, [])

  useEffect(() => {
    onWindow?.(view)
  }, [view, onWindow])

  const first = Math.min(view.first, Math.max(0, count - 1))
  const last = Math.min(view.last, count)
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, k) => first + k)
  return (
    <div class="scroll tall" ref={box} tabIndex={0} role="region" aria-label={label}>
      <table class="virtual" aria-rowcount={count + 1}>
        <thead>{head}</thead>
        <tbody>
          {first > 0 && <Gap rows={first} />}
          {rows.map(row)}
          {last < count && <Gap rows={count - last} />}
        </tbody>
      </table>
    </div>
  )
}

function Gap({ rows }: { readonly rows: number }): JSX.Element {
  return (
    <tr class="gap" aria-hidden="true" style={{ height: `${rows * rowHeight}px` }}>
      <td colSpan={99} />
    </tr>
  )
}
