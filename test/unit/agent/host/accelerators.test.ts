import { describe, expect, it } from 'vitest'
import { findAccelerators } from '../../../../agent/host/accelerators.js'
import type { Source } from '../../../../agent/host/accelerators.js'
import type { DeviceReading } from '../../../../agent/host/device-telemetry.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'

const log = createLog({ name: 'test', level: 'silent' })

function sourceOf(devices: Readonly<Record<string, string>>) {
  const listeners: ((reading: DeviceReading) => void)[] = []
  const state = { closed: 0, asked: [] as (readonly string[] | undefined)[] }
  const source: Source = {
    vendor: 'nvidia',
    open: () =>
      Promise.resolve({
        facts: Object.entries(devices).map(([id, name]) => ({ id, name, memoryBytes: 1 })),
        telemetry: {
          source: 'nvml',
          periodSeconds: 0.05,
          between: () => Object.keys(devices).map((device) => ({ at: 1, device })),
          subscribe(listener) {
            listeners.push(listener)
            return () => undefined
          },
          foreignProcesses(_pids, _since, on) {
            state.asked.push(on)
            return Promise.resolve([])
          },
          close() {
            state.closed += 1
            return Promise.resolve()
          },
        },
      }),
  }
  return {
    source,
    state,
    tell: (reading: DeviceReading) => listeners.forEach((each) => each(reading)),
  }
}
const find = (sources: readonly Source[], environment: Record<string, string> = {}) =>
  findAccelerators({ clock: new FakeClock(), log, environment, sources })
const none: Source = { vendor: 'nvidia', open: () => Promise.resolve(undefined) }

describe('findAccelerators', () => {
  it('takes the first source that finds any', async () => {
    const { source } = sourceOf({ 'GPU-1': 'NVIDIA H100' })
    expect((await find([none, source]))?.facts).toHaveLength(1)
    expect(await find([none])).toBeUndefined()
  })

  it('hears and asks of no device that the process was not given', async () => {
    const { source, state, tell } = sourceOf({ 'GPU-1': 'NVIDIA H100', 'GPU-2': 'NVIDIA H100' })
    const found = await find([source], { CUDA_VISIBLE_DEVICES: '1' })
    expect(found?.facts.map(({ id }) => id)).toEqual(['GPU-2'])
    const heard: string[] = []
    found?.telemetry.subscribe(({ device }) => heard.push(device))
    tell({ at: 1, device: 'GPU-1' })
    tell({ at: 1, device: 'GPU-2' })
    expect(heard).toEqual(['GPU-2'])
    expect(found?.telemetry.between(0, 2).map(({ device }) => device)).toEqual(['GPU-2'])
    await found?.telemetry.foreignProcesses([])
    expect(state.asked).toEqual([['GPU-2']])
  })

  it('leaves devices of another class alone', async () => {
    const { source } = sourceOf({
      'GPU-1': 'NVIDIA H100 80GB HBM3',
      'GPU-2': 'NVIDIA A100-SXM4-80GB',
      'GPU-3': 'NVIDIA H100 PCIe',
    })
    expect((await find([source]))?.facts.map(({ id }) => id)).toEqual(['GPU-1', 'GPU-3'])
  })

  it('lets go of a source whose devices are all for others, and asks no other', async () => {
    const { source, state } = sourceOf({ 'GPU-1': 'NVIDIA H100' })
    const { source: second } = sourceOf({ 'GPU-1': 'NVIDIA H100' })
    expect(await find([source, second], { CUDA_VISIBLE_DEVICES: '' })).toBeUndefined()
    await expect(find([source], { CUDA_VISIBLE_DEVICES: '7' })).rejects.toMatchObject({
      code: 'USAGE',
    })
    expect(state.closed).toBe(2)
  })
})
