import { configurationKey } from '../../../shared/domain/configuration.js'
import type { Interval } from '../../../shared/domain/meta-metrics.js'
import type { MetricName } from '../../../shared/domain/metric.js'
import { logInterval, logSd } from '../../decision/point.js'
import type { Knowledge, Point } from '../../decision/point.js'

/** Two measurements of one figure, each weighed by how sure it is. */
function pooled(first: Interval, second: Interval): Interval {
  const [a, b] = [logSd(first), logSd(second)]
  if (a === 0) return first
  if (b === 0) return second
  const [wa, wb] = [1 / a ** 2, 1 / b ** 2]
  const log = (wa * Math.log(first.value) + wb * Math.log(second.value)) / (wa + wb)
  return logInterval(Math.exp(log), 1 / Math.sqrt(wa + wb))
}

function joined(point: Point, other: Point): Point {
  if (!point.measured) return other
  const names = new Set([...Object.keys(point.estimates), ...Object.keys(other.estimates)])
  const estimates = Object.fromEntries(
    [...(names as Set<MetricName>)].flatMap((metric) => {
      const [a, b] = [point.estimates[metric], other.estimates[metric]]
      const found = a !== undefined && b !== undefined ? pooled(a, b) : (a ?? b)
      return found === undefined ? [] : [[metric, found]]
    }),
  )
  const percentiles = { ...point.percentiles, ...other.percentiles }
  const repeats = (point.repeats ?? 1) + (other.repeats ?? 1)
  return {
    ...point,
    repeats,
    estimates,
    ...(Object.keys(percentiles).length === 0 ? {} : { percentiles }),
  }
}

/**
 * Knowledge with what another sweep measured at the same configurations: it replaces estimates, and
 * is pooled with measurements. Estimates of the other are not taken, nor configurations that the
 * first does not span.
 */
export function withMeasurements(knowledge: Knowledge, other: Knowledge): Knowledge {
  const measured = new Map(
    other.points
      .filter((point) => point.measured)
      .map((point) => [configurationKey(point.configuration), point]),
  )
  return {
    ...knowledge,
    points: knowledge.points.map((point) => {
      const found = measured.get(configurationKey(point.configuration))
      return found === undefined ? point : joined(point, found)
    }),
  }
}
