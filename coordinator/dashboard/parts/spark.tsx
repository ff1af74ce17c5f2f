import type { JSX } from 'preact'

const width = 84
const height = 20

/** A line of the last figures, from 0 to `most`; a gap where there was none. */
export function Spark({
  values,
  most,
}: {
  readonly values: readonly (number | null)[]
  readonly most: number
}): JSX.Element {
  const step = width / 59
  const start = width - (values.length - 1) * step
  let path = ''
  let drawing = false
  values.forEach((value, k) => {
    if (value === null) {
      drawing = false
      return
    }
    const y = height - 1 - (Math.min(value, most) / Math.max(most, 1e-9)) * (height - 2)
    path += `${drawing ? 'L' : 'M'}${(start + k * step).toFixed(1)} ${y.toFixed(1)}`
    drawing = true
  })
  return (
    <svg class="spark" width={width} height={height} aria-hidden="true">
      <path d={path} />
    </svg>
  )
}
