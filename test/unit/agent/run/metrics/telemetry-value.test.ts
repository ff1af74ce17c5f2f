import { describe, expect, it } from 'vitest'
import {
  telemetryBatches,
  telemetryValue,
} from '../../../../../agent/run/metrics/telemetry-value.js'
import type { TelemetryReading } from '../../../../../shared/domain/sample.js'

const reading = (device: string, at: number, watts: number): TelemetryReading => ({
  at,
  device,
  powerWatts: watts,
  memoryBytes: watts,
  utilizationPercent: watts / 10,
})
const both = [reading('GPU-1', 0, 300), reading('GPU-2', 0, 500), reading('GPU-1', 1, 400)]

describe('telemetryValue over several devices', () => {
  it('adds up power and memory, and averages utilisation, each device counting once', () => {
    const devices = ['GPU-1', 'GPU-2']
    expect(telemetryValue('power', both, devices)).toBe(850)
    expect(telemetryValue('memory', both, devices)).toBe(900)
    expect(telemetryValue('gpu_utilization', both, devices)).toBe(42.5)
  })

  it('is unknown where a device of the trial told nothing: less would pass for all', () => {
    const devices = ['GPU-1', 'GPU-2', 'GPU-3']
    for (const metric of ['power', 'memory', 'gpu_utilization'] as const) {
      expect(telemetryValue(metric, both, devices)).toBeUndefined()
      expect(telemetryValue(metric, [], devices)).toBeUndefined()
    }
    expect(telemetryBatches('power', both, devices)).toEqual([])
  })

  it('does not take the host’s memory for a device’s that tells none', () => {
    const cpu = { at: 0, device: 'cpu', memoryBytes: 5 }
    expect(telemetryValue('memory', [cpu])).toBe(5)
    expect(telemetryValue('memory', [cpu], ['MIG-1'])).toBeUndefined()
  })
})
