import type { DeviceReading } from '../device-telemetry.js'
import { amdWords, figureAt, isFields, valueAt, wordsAt } from './values.js'
import type { Fields } from './values.js'

/** What `amd-smi metric` says of one GPU. What it does not tell is absent, never zero. */
export function metricFigures(entry: Fields): Omit<DeviceReading, 'at' | 'device'> {
  const utilization = figureAt(entry, '%', ['usage', 'gfx_activity'], ['usage', 'gfx_usage'])
  const memory = figureAt(
    entry,
    'MB',
    ['mem_usage', 'used_vram'],
    ['fb_usage', 'vram_used'],
    ['fb_usage', 'used_vram'],
  )
  const watts = figureAt(
    entry,
    'W',
    ['power', 'socket_power'],
    ['power', 'current_socket_power'],
    ['power', 'average_socket_power'],
    ['power', 'current_power'],
  )
  const joules = figureAt(entry, 'J', ['energy', 'total_energy_consumption'])
  // The hottest place: what slows the device down. Instinct boards have no other.
  const celsius = figureAt(
    entry,
    'C',
    ['temperature', 'hotspot'],
    ['temperature', 'hotspot_temperature'],
    ['temperature', 'edge'],
    ['temperature', 'edge_temperature'],
  )
  const clock = graphicsClock(valueAt(entry, 'clock'))
  const reasons = throttleReasons(entry)
  return {
    ...(utilization === undefined ? {} : { utilizationPercent: utilization }),
    ...(memory === undefined ? {} : { memoryBytes: memory }),
    ...(watts === undefined ? {} : { powerWatts: watts }),
    ...(joules === undefined ? {} : { energyJoules: joules }),
    ...(celsius === undefined ? {} : { temperatureCelsius: celsius }),
    ...(clock === undefined ? {} : { clockMhz: clock }),
    ...(reasons === undefined ? {} : { throttleReasons: reasons }),
  }
}

/** The fastest of its dies: one that sleeps says nothing of those that work. */
function graphicsClock(clocks: unknown): number | undefined {
  if (!isFields(clocks)) return undefined
  const found = Object.entries(clocks)
    .filter(([name]) => /^gfx(_\d+)?$/i.test(name))
    .map(([, clock]) => figureAt({ clock }, 'MHz', ['clock', 'clk'], ['clock', 'cur_clk']))
    .filter((clock) => clock !== undefined)
  return found.length === 0 ? undefined : Math.max(...found)
}

/** Violations that say how much work there is, or repeat what another says. */
const noThrottling = /^(low_utilization|(total_)?gfx_clk_below_host_limit)$/
const ourNames: Readonly<Record<string, string>> = {
  prochot: 'prochot_thermal',
  ppt: 'power_cap',
}

/** Violations by name (ROCm 6.3 and later), else whether it is held back at all. */
function throttleReasons(entry: Fields): readonly string[] | undefined {
  const violations = valueAt(entry, 'throttle')
  const told = Object.entries(isFields(violations) ? violations : {}).flatMap(([name, value]) => {
    const kind = /^(.+)_violation_status$/i.exec(name)?.[1]?.toLowerCase()
    const states = leaves(value).flatMap((state) => amdWords(state) ?? [])
    return kind === undefined || states.length === 0
      ? []
      : [{ kind, active: states.includes('ACTIVE') }]
  })
  if (told.length > 0) {
    return told
      .filter(({ kind, active }) => active && !noThrottling.test(kind))
      .map(({ kind }) => ourNames[kind] ?? kind)
  }
  const status = wordsAt(entry, ['power', 'throttle_status'])
  if (status === 'THROTTLED') return ['throttled']
  return status === 'UNTHROTTLED' ? [] : undefined
}

/** One per die of a board, where there are several. */
function leaves(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value as Readonly<Record<string, unknown>>).flatMap(leaves)
    : [value]
}
