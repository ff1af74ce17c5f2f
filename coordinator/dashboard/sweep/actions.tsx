import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { StatusView, SweepView } from '../../service/http/api.js'
import { postJson, RefusedError } from '../live/api-client.js'
import { Refusal } from '../parts/small.js'
import { ExtendDialog } from './extend-dialog.js'

type Verb = 'pause' | 'resume' | 'extend' | 'cancel'

/** What a sweep in each state lets itself be told. */
const verbsOf: Readonly<Record<string, readonly Verb[]>> = {
  RUNNING: ['extend', 'pause', 'cancel'],
  PAUSED: ['extend', 'resume', 'cancel'],
  FAILED: ['extend', 'resume', 'cancel'],
  COMPLETED: ['extend'],
}

const words: Readonly<Record<Verb, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  extend: 'Goal and budget',
  cancel: 'Cancel',
}

export function Actions({
  status,
  spec,
  onChange,
}: {
  readonly status: StatusView
  readonly spec: SweepView['spec']
  readonly onChange: () => void
}): JSX.Element | null {
  const [refused, setRefused] = useState<RefusedError>()
  const [busy, setBusy] = useState(false)
  const dialog = useRef<HTMLDialogElement>(null)
  const extending = useRef<HTMLDialogElement>(null)
  const { sweepId, name, state } = status.sweep
  const act = (verb: 'pause' | 'resume' | 'cancel', body: unknown = {}) => {
    setBusy(true)
    postJson(`sweeps/${encodeURIComponent(sweepId)}/${verb}`, body)
      .then(
        () => {
          setRefused(undefined)
          onChange()
        },
        (thrown: unknown) => {
          if (thrown instanceof RefusedError) setRefused(thrown)
        },
      )
      .finally(() => {
        setBusy(false)
      })
  }
  const verbs = verbsOf[state] ?? []
  if (verbs.length === 0) return null
  return (
    <div class="actions">
      {verbs.map((verb) => (
        <button
          key={verb}
          type="button"
          disabled={busy}
          onClick={() => {
            if (verb === 'cancel') dialog.current?.showModal()
            else if (verb === 'extend') extending.current?.showModal()
            else act(verb)
          }}
        >
          {words[verb]}
        </button>
      ))}
      <dialog ref={dialog} aria-labelledby="cancel-title">
        <h2 id="cancel-title">Cancel {name}?</h2>
        <p>It ends now and for good. What was measured stays; nothing more is asked of agents.</p>
        <form method="dialog">
          <button class="primary" autofocus>
            {state === 'PAUSED' ? 'Keep it paused' : 'Keep it running'}
          </button>
          <button
            onClick={() => {
              act('cancel')
            }}
          >
            Cancel the sweep
          </button>
        </form>
      </dialog>
      <ExtendDialog
        dialog={extending}
        spec={spec}
        onExtend={(extension) => {
          act('resume', extension)
        }}
      />
      <Refusal error={refused} />
    </div>
  )
}
