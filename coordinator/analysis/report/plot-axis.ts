import { escapeHtml } from './escape.js'

/** From a value to a place in pixels. */
export type Scale = (value: number) => number

export function linear(from: readonly [number, number], to: readonly [number, number]): Scale {
  const width = from[1] - from[0]
  return (value) =>
    width === 0 ? (to[0] + to[1]) / 2 : to[0] + ((value - from[0]) / width) * (to[1] - to[0])
}

/** Both ends of `from` must be above 0. */
export function logarithmic(from: readonly [number, number], to: readonly [number, number]): Scale {
  const place = linear([Math.log(from[0]), Math.log(from[1])], to)
  return (value) => place(Math.log(value))
}

/** Round values (1, 2 or 5 times a power of ten) that cover the range in about `count` steps. */
export function roundTicks(low: number, high: number, count = 5): number[] {
  if (!(high > low)) return [low]
  const raw = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10) * power
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step)
}

/** At most `count` of the values, first and last among them. */
export function someOf(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values]
  return Array.from(
    { length: count },
    (_, k) => values[Math.round((k * (values.length - 1)) / (count - 1))] as number,
  )
}

/** A place on an axis: no digits but those that count. */
export const tickWords = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: 6 })

export interface Frame {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** One decimal of a pixel is more than an eye sees. */
export const px = (value: number): string => String(Math.round(value * 10) / 10)

export const textAt = (
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'middle',
): string => `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`

export interface Axes {
  readonly frame: Frame
  readonly x: { readonly at: Scale; readonly ticks: readonly number[]; readonly label: string }
  readonly y: { readonly at: Scale; readonly ticks: readonly number[]; readonly label: string }
}

/** Ticks, grid lines and labels with units. */
export function axesSvg({ frame, x, y }: Axes): string {
  const { left, right, top, bottom } = frame
  const xTicks = x.ticks.map((value) => textAt(x.at(value), bottom + 15, tickWords(value)))
  const yTicks = y.ticks.map((value) => {
    const place = y.at(value)
    return `<path class="grid" d="M${px(left)} ${px(place)}H${px(right)}"/>${textAt(left - 6, place + 4, tickWords(value), 'end')}`
  })
  const middle = (top + bottom) / 2
  return [
    ...yTicks,
    `<path class="axis" d="M${px(left)} ${px(top)}V${px(bottom)}H${px(right)}"/>`,
    ...xTicks,
    textAt((left + right) / 2, bottom + 34, x.label),
    `<g transform="translate(14 ${px(middle)}) rotate(-90)">${textAt(0, 0, y.label)}</g>`,
  ].join('')
}
