import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { AlignedData } from 'uplot'
import type { TelemetryReading } from '../../../shared/domain/sample.js'
import { Chart } from '../parts/chart.js'
import type { ChartShape } from '../parts/chart.js'
import { Numbers } from '../parts/numbers.js'
import type { Span } from './drill.js'

const quantities = [
  { key: 'utilizationPercent', label: 'utilisation', unit: '%', per: 1, most: 100 },
  { key: 'powerWatts', label: 'power', unit: 'W', per: 1, most: undefined },
  { key: 'clockMhz', label: 'clock', unit: 'MHz', per: 1, most: undefined },
  { key: 'memoryBytes', label: 'memory', unit: 'GB', per: 1e-9, most: undefined },
  { key: 'temperatureCelsius', label: 'temperature', unit: '°C', per: 1, most: undefined },
] as const
type Quantity = (typeof quantities)[number]

/** What the devices told during a trial; only what they can tell is drawn. */
export function TelemetryCharts({
  readings,
  span,
}: {
  readonly readings: readonly TelemetryReading[]
  readonly span: Span
}): JSX.Element {
  const devices = [...new Set(readings.map(({ device }) => device))]
  const told = quantities.filter(({ key }) => readings.some((each) => each[key] !== undefined))
  return (
    <>
      {devices.map((device) => {
        const own = readings.filter((each) => each.device === device)
        return (
          <div key={device}>
            <h3>{device}</h3>
            {told
              .filter(({ key }) => own.some((each) => each[key] !== undefined))
              .map((quantity) => (
                <QuantityChart key={quantity.key} quantity={quantity} readings={own} span={span} />
              ))}
            <Throttling readings={own} />
            <Numbers
              title={`${device} in numbers`}
              table={() => ({
                columns: ['at', ...told.map(({ label }) => label)],
                rows: own.map((each) => [
                  `${each.at.toFixed(2)} s`,
                  ...told.map(({ key, per, unit }) => {
                    const value = each[key]
                    return value === undefined ? '–' : `${(value * per).toFixed(1)} ${unit}`
                  }),
                ]),
              })}
            />
          </div>
        )
      })}
    </>
  )
}

function Throttling({ readings }: { readonly readings: readonly TelemetryReading[] }): JSX.Element {
  const reasons = new Set(readings.flatMap(({ throttleReasons }) => throttleReasons ?? []))
  const known = readings.some(({ throttleReasons }) => throttleReasons !== undefined)
  const words = reasons.size > 0 ? [...reasons].join(', ') : known ? 'none' : 'not told'
  return <p class="note">Throttle reasons: {words}.</p>
}

function QuantityChart({
  quantity,
  readings,
  span,
}: {
  readonly quantity: Quantity
  readonly readings: readonly TelemetryReading[]
  readonly span: Span
}): JSX.Element {
  const { key, label, unit, per, most } = quantity
  const shape = useMemo<ChartShape>(
    () => ({
      title: `${label} during the trial`,
      height: 130,
      xLabel: 'seconds of the measured window',
      yLabel: `${label} (${unit})`,
      series: (ink) => [{ stroke: ink.accent, width: 1.5, points: { show: false } }],
      x: { range: [span.from, span.to] },
      y: { range: (_, _low, high) => [0, Math.max(most ?? 0, high * 1.08, 1e-9)] },
    }),
    [label, unit, most, span],
  )
  const data = useMemo<AlignedData>(
    () => [
      readings.map(({ at }) => at),
      readings.map((each) => {
        const value = each[key]
        return value === undefined ? null : value * per
      }),
    ],
    [readings, key, per],
  )
  return <Chart shape={shape} data={data} />
}
