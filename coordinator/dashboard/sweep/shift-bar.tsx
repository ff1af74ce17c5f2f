import type { JSX } from 'preact'
import { shiftWords } from '../../../shared/domain/level-change.js'
import type { Interval } from '../../../shared/domain/meta-metrics.js'
import { percent } from '../../analysis/report/units.js'

/** How far from 1 a bar must reach for all ratios with their intervals. */
export function reachOf(ratios: readonly Interval[]): number {
  const widest = ratios.flatMap(({ value, low, high }) =>
    [value, low, high].filter(Number.isFinite).map((each) => Math.abs(each - 1)),
  )
  return Math.max(0.01, Math.ceil(Math.max(0, ...widest) * 110) / 100)
}

/** Head of the column of bars: how far they reach. */
export function ReachHead({ reach }: { readonly reach: number }): JSX.Element {
  return (
    <th scope="col">
      −{percent(reach)} to +{percent(reach)}
    </th>
  )
}

/** A ratio in words and as a bar: two cells of a row. */
export function ShiftCells(shift: {
  readonly ratio: Interval
  readonly reach: number
}): JSX.Element {
  return (
    <>
      <td class="figures">{shiftWords(shift.ratio)}</td>
      <td>
        <ShiftBar {...shift} />
      </td>
    </>
  )
}

const width = 160

/** Around no change, in the middle: the interval and the value. */
function ShiftBar({
  ratio: { value, low, high },
  reach,
}: {
  readonly ratio: Interval
  readonly reach: number
}): JSX.Element {
  const x = (ratio: number) => (width / 2) * (1 + (ratio - 1) / reach)
  const [from, to] = [Math.max(0, x(low)), Math.min(width, x(high))]
  return (
    <svg class="bar" viewBox={`0 0 ${width} 18`} width={width} height={18} aria-hidden="true">
      <path class="rail" d={`M0 9H${width}`} />
      <path class="goal" d={`M${width / 2} 0V18`} />
      <rect class="band" x={from} y={5} width={Math.max(1, to - from)} height={8} />
      <path class="value" d={`M${x(value)} 2V16`} />
    </svg>
  )
}
