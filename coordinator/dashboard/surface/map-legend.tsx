import type { JSX } from 'preact'
import { colours } from '../../analysis/report/colour-scale.js'
import type { ColourScale } from '../../analysis/report/colour-scale.js'
import { percent } from '../../analysis/report/units.js'
import { valueWords } from '../parts/words.js'
import type { View } from './heat-map.js'

/** What colours and marks of the map mean. */
export function MapLegend({
  metric,
  view,
  scale: { bounds },
  harvested,
}: {
  readonly metric: string
  readonly view: View
  readonly scale: ColourScale
  /** Longer runs told of some configuration. */
  readonly harvested: boolean
}): JSX.Element {
  const words = (value: number | undefined) =>
    value === undefined
      ? '–'
      : view === 'estimate'
        ? valueWords(metric, value)
        : `± ${percent(value)}`
  return (
    <div class="legend">
      <span class="scale-words">
        {words(bounds[0])}
        <svg width="180" height="12" aria-hidden="true">
          {colours.map((colour, k) => (
            <rect key={colour} x={k * 20} width="20" height="12" fill={colour} />
          ))}
        </svg>
        {words(bounds.at(-1))}
      </span>
      <Key name="measured">
        <circle class="on-cell" cx="8" cy="8" r="4" />
      </Key>
      <Key name="audit">
        <circle class="ring" cx="8" cy="8" r="6.2" />
        <circle class="on-cell" cx="8" cy="8" r="3.2" />
      </Key>
      {harvested && (
        <Key name="told by a longer run">
          <rect class="told" x="3" y="6" width="10" height="4" />
        </Key>
      )}
      <Key name="next">
        <path class="diamond" d="M8 2.5L13.5 8 8 13.5 2.5 8z" />
      </Key>
      <Key name="infeasible" bare>
        <path class="hatch" d="M0 8L8 0M0 16L16 0M8 16L16 8" />
      </Key>
    </div>
  )
}

function Key({
  name,
  bare,
  children,
}: {
  readonly name: string
  readonly bare?: boolean
  readonly children: JSX.Element | JSX.Element[]
}): JSX.Element {
  return (
    <span>
      <svg width="16" height="16" aria-hidden="true">
        {bare !== true && <rect width="16" height="16" fill={colours[4]} />}
        {children}
      </svg>
      {name}
    </span>
  )
}
