// Energy of windows by the product's integration, against the device's own counter.
import { windowEnergy } from '../../../dist/agent/host/energy.js'
import { describe, round } from './figures.mjs'

/** The counter at a moment, between the two readings around it; undefined outside them. */
function counterAt(readings, at) {
  const after = readings.findIndex((reading) => reading.at >= at)
  if (after <= 0) return undefined
  const [left, right] = [readings[after - 1], readings[after]]
  return (
    left.energyJoules +
    ((right.energyJoules - left.energyJoules) * (at - left.at)) / (right.at - left.at)
  )
}

/**
 * @param readings power readings of the source under test.
 * @param counted readings with the counter, whatever their source.
 */
export function energyOf(readings, counted, from, to) {
  const energy = windowEnergy(readings, { from, to }, 1)
  const withCounter = counted.filter(({ energyJoules }) => energyJoules !== undefined)
  const first = counterAt(withCounter, from)
  const last = counterAt(withCounter, to)
  const counter = first === undefined || last === undefined ? undefined : last - first
  return {
    seconds: (to - from) / 1000,
    integratedJoules: round(energy?.integratedJoules, 1),
    reportedJoules: round(energy?.joules, 1),
    method: energy?.method ?? null,
    flaws: energy?.flaws ?? ['no power'],
    counterJoules: round(counter, 1),
    errorPercent:
      energy === undefined || counter === undefined || counter === 0
        ? null
        : round((100 * (energy.integratedJoules - counter)) / counter, 2),
  }
}

/** Error of integration over windows of one length, slid through [from, to]. */
export function windowErrors(readings, counted, from, to, seconds) {
  const errors = []
  for (let at = from; at + 1000 * seconds <= to; at += Math.max(100, 250 * seconds)) {
    const { errorPercent } = energyOf(readings, counted, at, at + 1000 * seconds)
    if (errorPercent !== null) errors.push(errorPercent)
  }
  return { seconds, errorPercent: describe(errors, 2) }
}
