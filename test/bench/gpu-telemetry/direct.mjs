// NVML in this process, each call timed: what a call costs, and how often the device has a new value.
import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { loadNvml } from '../../../dist/agent/host/nvml/library.js'
import { openNvml } from '../../../dist/agent/host/nvml/nvml.js'
import { changeGaps, describe } from './figures.mjs'

/** The library with a stopwatch on every function. */
function timed(library) {
  const calls = new Map()
  return {
    calls,
    library: {
      find(name, parameters) {
        const found = library.find(name, parameters)
        if (found === undefined) {
          calls.set(name, { missing: true, milliseconds: [], codes: {} })
          return undefined
        }
        return (...given) => {
          // Field values cost by the field: each is told apart by its number.
          const field = name.endsWith('FieldValues') ? ` ${given[2].readUInt32LE()}` : ''
          const record = calls.get(name + field) ?? { missing: false, milliseconds: [], codes: {} }
          calls.set(name + field, record)
          const from = performance.now()
          const code = found(...given)
          record.milliseconds.push(performance.now() - from)
          record.codes[code] = (record.codes[code] ?? 0) + 1
          return code
        }
      },
      unload: () => library.unload(),
    },
  }
}

export function openDirect(path) {
  const { calls, library } = timed(loadNvml(path))
  const nvml = openNvml(library)
  const device = nvml.devices[0]
  if (device === undefined) throw new Error('NVML knows no device')
  return {
    driver: nvml.driver,
    device,
    /** Reads as fast as it may for so long; every reading with its time and its cost. */
    async poll(seconds, everyMs) {
      const readings = []
      const until = performance.now() + 1000 * seconds
      while (performance.now() < until) {
        const from = performance.now()
        const reading = device.read(true)
        readings.push({
          at: performance.timeOrigin + from,
          tookMs: performance.now() - from,
          ...reading,
        })
        await pause(everyMs)
      }
      return readings
    },
    /** Cost of each function so far, and what it answered; of those too that are not read as a rule. */
    costs() {
      const handle = Buffer.alloc(8)
      library.find('nvmlDeviceGetHandleByIndex_v2', ['uint32_t', 'void *'])?.(0, handle)
      const room = Buffer.alloc(40)
      for (let turn = 0; turn < 100; turn += 1) {
        device.processes()
        for (const name of ['nvmlDeviceGetPowerUsage', 'nvmlDeviceGetTotalEnergyConsumption']) {
          library.find(name, ['uintptr_t', 'void *'])?.(handle.readBigUInt64LE(), room)
        }
        for (const field of [185, 186, 83]) {
          room.writeUInt32LE(field)
          library.find('nvmlDeviceGetFieldValues', ['uintptr_t', 'uint32_t', 'void *'])?.(
            handle.readBigUInt64LE(),
            1,
            room,
          )
        }
      }
      return Object.fromEntries(
        [...calls].map(([name, { missing, milliseconds, codes }]) => [
          name,
          missing ? 'not in this library' : { codes, milliseconds: describe(milliseconds) },
        ]),
      )
    },
    close: () => nvml.close(),
  }
}

/** Milliseconds between new values of each figure. */
export function refresh(readings) {
  const fields = [
    'powerWatts',
    'energyJoules',
    'utilizationPercent',
    'clockMhz',
    'temperatureCelsius',
  ]
  return {
    pollMs: describe(readings.slice(1).map((reading, index) => reading.at - readings[index].at)),
    readMs: describe(readings.map(({ tookMs }) => tookMs)),
    newValueEveryMs: Object.fromEntries(
      fields.map((field) => [
        field,
        describe(changeGaps(readings.map((reading) => [reading.at, reading[field]]))),
      ]),
    ),
  }
}
