import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { Problem } from '../../../shared/domain/errors.js'

/** A plain text area with line numbers; lines with a problem are marked. */
export function Editor({
  label,
  text,
  problems,
  onText,
}: {
  readonly label: string
  readonly text: string
  readonly problems: readonly Problem[]
  readonly onText: (text: string) => void
}): JSX.Element {
  const gutter = useRef<HTMLOListElement>(null)
  const lines = text.split('\n')
  const wrong = new Set(problems.flatMap(({ line }) => (line === undefined ? [] : [line])))
  return (
    <div class="editor">
      <ol ref={gutter} aria-hidden="true">
        {lines.map((_, k) => (
          <li key={k} class={wrong.has(k + 1) ? 'wrong' : ''} />
        ))}
      </ol>
      <textarea
        aria-label={label}
        aria-invalid={wrong.size > 0}
        spellcheck={false}
        autocapitalize="off"
        wrap="off"
        rows={Math.max(24, lines.length + 1)}
        value={text}
        onInput={({ currentTarget }) => {
          onText(currentTarget.value)
        }}
        onScroll={({ currentTarget }) => {
          if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop
        }}
      />
    </div>
  )
}
