import type { Interval } from '../../../shared/domain/meta-metrics.js'

/**
 * Nine steps of the cividis map (Nuñez, Anderton, Renslow 2018), made to read alike with and without
 * colour vision, and in grey; dark is low.
 */
export const colours = [
  '#00224e',
  '#1d3a6d',
  '#434e6c',
  '#5f636e',
  '#7b7a77',
  '#979176',
  '#b5a96c',
  '#d5c35b',
  '#fee838',
] as const

/** Half the width of the interval over its value; NaN where it is not known. */
export const relativeUncertainty = ({ value, low, high }: Interval): number =>
  (high - low) / 2 / Math.abs(value)

export interface ColourScale {
  /** Which of the colours, or -1 for a value that is not known. */
  step(value: number): number
  /** The values between which each colour stands; one more than colours. */
  readonly bounds: readonly number[]
}

/** Steps of equal ratio between the least and the greatest of the values above 0. */
export function colourScale(values: readonly number[]): ColourScale {
  const positive = values.filter((value) => Number.isFinite(value) && value > 0)
  const low = positive.reduce((least, each) => Math.min(least, each), Infinity)
  const high = positive.reduce((most, each) => Math.max(most, each), 0)
  if (positive.length === 0) return { step: () => -1, bounds: [] }
  const ratio = Math.log(high / low)
  return {
    step(value) {
      if (!Number.isFinite(value)) return -1
      if (!(value > low) || ratio === 0) return 0
      return Math.min(
        colours.length - 1,
        Math.floor((Math.log(value / low) / ratio) * colours.length),
      )
    },
    bounds: Array.from(
      { length: colours.length + 1 },
      (_, k) => low * Math.exp((ratio * k) / colours.length),
    ),
  }
}
