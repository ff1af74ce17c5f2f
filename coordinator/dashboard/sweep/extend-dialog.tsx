import type { JSX, RefObject } from 'preact'
import { useState } from 'preact/hooks'
import type { Extension } from '../../../shared/domain/sweep-desk.js'
import type { SweepView } from '../../service/http/api.js'
import { DecisionFields, decisionIn } from './decision-fields.js'

interface Field {
  readonly key: Exclude<keyof Extension, 'decision'>
  readonly label: string
  readonly unit: string
  /** How many of the unit make one of what the coordinator is told. */
  readonly perBase: number
  readonly now: (spec: SweepView['spec']) => number | undefined
}

const fields: readonly Field[] = [
  { key: 'accuracy', label: 'Accuracy', unit: '%', perBase: 100, now: ({ goal }) => goal.accuracy },
  {
    key: 'confidence',
    label: 'Confidence',
    unit: '%',
    perBase: 100,
    now: ({ goal }) => goal.confidence,
  },
  {
    key: 'deviceHours',
    label: 'Device-hours',
    unit: 'h',
    perBase: 1,
    now: ({ budget }) => budget.device_hours,
  },
  { key: 'costUsd', label: 'Money', unit: 'USD', perBase: 1, now: ({ budget }) => budget.cost_usd },
  { key: 'trials', label: 'Trials', unit: '', perBase: 1, now: ({ budget }) => budget.trials },
  {
    key: 'wallTimeSeconds',
    label: 'Wall time',
    unit: 's',
    perBase: 1,
    now: ({ budget }) => budget.wall_time,
  },
]

/** Only what was changed: the rest stays as the sweep has it. */
function extensionOf(form: HTMLFormElement, spec: SweepView['spec']): Extension {
  const data = new FormData(form)
  const changed = fields.flatMap(({ key, perBase, now }) => {
    const text = data.get(key)
    if (typeof text !== 'string' || text.trim() === '') return []
    const value = Number(text) / perBase
    const before = now(spec)
    return before !== undefined && Math.abs(before - value) < 1e-9 ? [] : [[key, value] as const]
  })
  const decision = decisionIn(data, spec)
  return { ...Object.fromEntries(changed), ...(decision === undefined ? {} : { decision }) }
}

/** Another goal or budget to go on to; a sweep that has ended goes on too. */
export function ExtendDialog({
  dialog,
  spec,
  onExtend,
}: {
  readonly dialog: RefObject<HTMLDialogElement | null>
  readonly spec: SweepView['spec']
  readonly onExtend: (extension: Extension) => void
}): JSX.Element {
  // What was typed and then left is gone when it is opened again.
  const [round, setRound] = useState(0)
  return (
    <dialog
      ref={dialog}
      class="extend"
      aria-labelledby="extend-title"
      onClose={() => {
        setRound((before) => before + 1)
      }}
    >
      <form
        key={round}
        method="dialog"
        onSubmit={({ currentTarget }) => {
          const extension = extensionOf(currentTarget, spec)
          if (Object.keys(extension).length > 0) onExtend(extension)
        }}
      >
        <div>
          <h2 id="extend-title">Goal and budget</h2>
          <p class="note">
            All in total, what was used before included. What is left empty stays as it is; nothing
            is measured twice.
          </p>
          {fields.map(({ key, label, unit, perBase, now }) => {
            const value = now(spec)
            return (
              <label key={key} class="field">
                <span>{label}</span>
                <input
                  type="number"
                  name={key}
                  step="any"
                  min="0"
                  placeholder="no limit"
                  defaultValue={value === undefined ? '' : String(+(value * perBase).toFixed(6))}
                />
                <span>{unit}</span>
              </label>
            )
          })}
          <DecisionFields spec={spec} />
          <div class="with-controls">
            <button
              type="button"
              onClick={() => {
                dialog.current?.close()
              }}
            >
              Leave as it is
            </button>
            <button class="primary" type="submit">
              Go on with these
            </button>
          </div>
        </div>
      </form>
    </dialog>
  )
}
