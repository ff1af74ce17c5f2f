import { metricNames } from '../../domain/metric.js'
import type { PastRow } from '../../domain/past.js'
import type {
  PastRow as WirePastRow,
  PastRowInput as WirePastRowInput,
} from '../gen/fmwork/v1/PastRow.js'
import { configurationFromWire, configurationToWire } from './configuration.js'
import { wordOf } from './parts.js'

export const pastRowToWire = ({
  origin,
  configuration,
  values,
  cost,
}: PastRow): WirePastRowInput => ({
  origin,
  configuration: configurationToWire(configuration),
  values: Object.entries(values).map(([metric, { value, relativeSd }]) => ({
    metric,
    value,
    relativeSd,
  })),
  costDeviceS: cost,
})

export const pastRowFromWire = (wire: WirePastRow): PastRow => ({
  origin: wire.origin,
  configuration: configurationFromWire(wire.configuration, 'past.configuration'),
  values: Object.fromEntries(
    wire.values.map(({ metric, value, relativeSd }) => [
      wordOf(metricNames, metric, 'past.values.metric'),
      { value, relativeSd },
    ]),
  ),
  cost: wire.costDeviceS,
})
