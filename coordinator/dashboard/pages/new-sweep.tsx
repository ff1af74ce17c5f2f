import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { CheckView } from '../../service/http/api.js'
import { postJson, RefusedError } from '../live/api-client.js'
import { go } from '../live/place.js'
import { Editor } from '../parts/editor.js'
import { Refusal } from '../parts/small.js'
import { firstSweep } from '../sweep/first-sweep.js'
import { Price, priceLimit } from '../sweep/price.js'

/** Milliseconds of rest in the typing after which the text is checked. */
const restMs = 250
const draftKey = 'fmwork-draft'

/** A sweep from its first word to its start: every problem where it stands, and a price before. */
export function NewSweepPage(): JSX.Element {
  const [text, setText] = useState(() => localStorage.getItem(draftKey) ?? firstSweep)
  const [checked, setChecked] = useState<{ text: string; view: CheckView }>()
  const [refused, setRefused] = useState<RefusedError>()
  const [busy, setBusy] = useState(false)
  const latest = useRef(text)
  latest.current = text

  useEffect(() => {
    localStorage.setItem(draftKey, text)
    const timer = setTimeout(() => {
      postJson<CheckView>('check', { text }).then(
        (view) => {
          if (latest.current === text) setChecked({ text, view })
        },
        (thrown: unknown) => {
          if (thrown instanceof RefusedError) setRefused(thrown)
        },
      )
    }, restMs)
    return () => {
      clearTimeout(timer)
    }
  }, [text])

  const view = checked?.view
  const upToDate = checked?.text === text
  const ready = upToDate && view?.price !== undefined && view.problems.length === 0
  const start = () => {
    setBusy(true)
    postJson<{ sweepId: string }>('sweeps', { text }).then(
      () => {
        localStorage.removeItem(draftKey)
        go({ page: 'sweep', sweep: view?.name ?? '', tab: 'overview' })
      },
      (thrown: unknown) => {
        setBusy(false)
        if (thrown instanceof RefusedError) setRefused(thrown)
      },
    )
  }
  return (
    <>
      <h1>New sweep</h1>
      <div class="columns editing">
        <section>
          <Editor
            label="Sweep file"
            text={text}
            problems={view?.problems ?? []}
            onText={(next) => {
              setRefused(undefined)
              setText(next)
            }}
          />
        </section>
        <section aria-live="polite">
          <h2>{view === undefined ? 'Checking …' : verdict(view)}</h2>
          {view !== undefined && view.problems.length > 0 && (
            <ul class="problems">
              {view.problems.map((problem) => (
                <li key={`${problem.field} ${problem.line ?? 0} ${problem.expected}`}>
                  <span class="at">
                    {problem.line === undefined ? '' : `${problem.line}:${problem.column ?? 1}`}
                  </span>
                  <span>
                    <strong>{problem.field}</strong>
                    {problem.value === undefined ? ' ' : ` is ${problem.value}; `}
                    {problem.expected}
                  </span>
                </li>
              ))}
            </ul>
          )}
          {view?.price !== undefined && <Price price={view.price} />}
          <button class="primary" type="button" disabled={!ready || busy} onClick={start}>
            Start{view?.price === undefined ? '' : priceLimit(view.price)}
          </button>
          <Refusal error={refused} />
        </section>
      </div>
    </>
  )
}

const verdict = ({ problems, name }: CheckView): string =>
  problems.length === 0
    ? `${name ?? 'The sweep'}: what it would cost`
    : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
