import type { JSX } from 'preact'
import type { AxisView, SpaceView } from '../../service/http/api.js'
import { wholeNumber } from '../../analysis/report/units.js'
import { Select } from '../parts/small.js'
import type { Look } from './grid.js'

export const placeWords = ({ unit }: AxisView, value: string | number | undefined): string =>
  value === undefined
    ? ''
    : typeof value === 'string'
      ? value
      : `${Number.isInteger(value) ? wholeNumber(value) : String(value)}${unit === '' ? '' : ` ${value === 1 ? unit.replace(/s$/, '') : unit}`}`

/** Which axes are in view, and what the others are held at. */
export function AxisControls({
  space: { axes },
  look,
  onLook,
}: {
  readonly space: SpaceView
  readonly look: Look
  readonly onLook: (look: Look) => void
}): JSX.Element {
  const open = axes.flatMap(({ values }, axis) => (values.length > 1 ? [axis] : []))
  const words = (axis: string) => axes[Number(axis)]?.label ?? ''
  const pick = (which: 'x' | 'y') => (axis: string) => {
    const other = which === 'x' ? 'y' : 'x'
    const number = Number(axis)
    // The axis in view both ways would be a line: the two change places.
    const turned = number === look[other] ? { [other]: look[which] } : {}
    onLook({ ...look, ...turned, [which]: number })
  }
  const fixed = open.filter((axis) => axis !== look.x && axis !== look.y)
  return (
    <>
      {open.length > 1 && (
        <>
          <Select
            label="Across"
            value={String(look.x)}
            options={open.map(String)}
            words={words}
            onPick={pick('x')}
          />
          <Select
            label="Up"
            value={String(look.y)}
            options={open.map(String)}
            words={words}
            onPick={pick('y')}
          />
        </>
      )}
      {fixed.map((axis) => {
        const view = axes[axis] as AxisView
        const digit = look.digits[axis] ?? 0
        const words = placeWords(view, view.values[digit])
        return (
          <label key={view.name} class="field slider">
            <span>
              {view.label} <output>{words}</output>
            </span>
            <input
              type="range"
              min={0}
              max={view.values.length - 1}
              step={1}
              value={digit}
              aria-valuetext={words}
              onInput={({ currentTarget }) => {
                const digits = look.digits.with(axis, Number(currentTarget.value))
                onLook({ ...look, digits })
              }}
            />
          </label>
        )
      })}
    </>
  )
}
