import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { DecisionGoal } from '../../../shared/domain/sweep-desk.js'
import type { SweepView } from '../../service/http/api.js'
import { objectiveWords } from './decision.js'

type Wanted = NonNullable<SweepView['spec']['goal']['decision']>

const objectives = ['device-seconds', 'usd', 'user-seconds'] as const

interface NumberField {
  readonly key: 'inputTokens' | 'outputTokens' | 'probability' | 'tolerance'
  readonly label: string
  readonly unit: string
  /** How many of the unit make one of what the coordinator is told. */
  readonly perBase: number
  readonly hint: string
  readonly now: (wanted: Wanted) => number | undefined
}

const fields: readonly NumberField[] = [
  {
    key: 'probability',
    label: 'Sure with',
    unit: '%',
    perBase: 100,
    hint: '95',
    now: ({ probability }) => probability,
  },
  {
    key: 'inputTokens',
    label: 'Input of',
    unit: 'tokens',
    perBase: 1,
    hint: 'every length',
    now: (wanted) => wanted.input_tokens,
  },
  {
    key: 'outputTokens',
    label: 'Output of',
    unit: 'tokens',
    perBase: 1,
    hint: 'every length',
    now: (wanted) => wanted.output_tokens,
  },
  {
    key: 'tolerance',
    label: 'Equally good within',
    unit: '%',
    perBase: 100,
    hint: '1',
    now: ({ tolerance }) => tolerance,
  },
]

const shown = (value: number): string => String(+value.toFixed(6))

/** As the form says it: the same text means the same goal. */
function goalIn(data: FormData): DecisionGoal | 'none' {
  if (data.get('decide') === null) return 'none'
  const objective = objectives.find((each) => each === data.get('objective'))
  return {
    ...(objective === undefined ? {} : { objective }),
    ...Object.fromEntries(
      fields.flatMap(({ key, perBase }) => {
        const text = data.get(key)
        return typeof text !== 'string' || text.trim() === ''
          ? []
          : [[key, +(Number(text) / perBase).toFixed(9)]]
      }),
    ),
  }
}

function goalOf(wanted: Wanted | undefined): DecisionGoal | 'none' {
  if (wanted === undefined) return 'none'
  return {
    ...(wanted.objective === undefined ? {} : { objective: wanted.objective }),
    ...Object.fromEntries(
      fields.flatMap(({ key, now }) => {
        const value = now(wanted)
        return value === undefined ? [] : [[key, value]]
      }),
    ),
  }
}

/** The decision that a form asks for; undefined where it is the sweep’s already. */
export function decisionIn(
  data: FormData,
  { goal }: SweepView['spec'],
): DecisionGoal | 'none' | undefined {
  const asked = goalIn(data)
  return JSON.stringify(asked) === JSON.stringify(goalOf(goal.decision)) ? undefined : asked
}

/** Whether the sweep ends only when a decision is sure, and which. */
export function DecisionFields({ spec }: { readonly spec: SweepView['spec'] }): JSX.Element {
  const wanted = spec.goal.decision
  const [decides, setDecides] = useState(wanted !== undefined)
  return (
    <fieldset>
      <legend>Decision</legend>
      <label class="check">
        <input
          type="checkbox"
          name="decide"
          checked={decides}
          onChange={({ currentTarget }) => {
            setDecides(currentTarget.checked)
          }}
        />
        <span>End only when it is sure which deployment is best</span>
      </label>
      {decides && (
        <>
          <label class="field">
            <span>Best means</span>
            <select name="objective" defaultValue={wanted?.objective ?? ''}>
              <option value="">the lowest price, where known</option>
              {objectives.map((each) => (
                <option key={each} value={each}>
                  {objectiveWords(each)}
                </option>
              ))}
            </select>
          </label>
          {fields.map(({ key, label, unit, perBase, hint, now }) => {
            const value = wanted === undefined ? undefined : now(wanted)
            return (
              <label key={key} class="field">
                <span>{label}</span>
                <input
                  type="number"
                  name={key}
                  step="any"
                  min="0"
                  placeholder={hint}
                  defaultValue={value === undefined ? '' : shown(value * perBase)}
                />
                <span>{unit}</span>
              </label>
            )
          })}
        </>
      )}
    </fieldset>
  )
}
