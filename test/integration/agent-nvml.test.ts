import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openNvidiaTelemetry } from '../../agent/host/nvidia-telemetry.js'
import type { NvidiaDevices, NvidiaOptions } from '../../agent/host/nvidia-telemetry.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'

const source = new URL('../fixtures/nvml/fake-nvml.c', import.meta.url).pathname
const uuid = 'GPU-b9d464c3-30ae-53cb-797e-ac5dea8ef9bb'
const log = createLog({ name: 'test', level: 'silent' })
const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0)
let folder: string
let library: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-nvml-'))
  library = join(folder, 'libnvidia-ml.so.1')
  if (compiler !== undefined) {
    execFileSync(compiler, ['-shared', '-fPIC', '-o', library, source])
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(0.01)
}

async function open(options: Partial<NvidiaOptions>): Promise<NvidiaDevices> {
  const found = await openNvidiaTelemetry({
    clock: systemClock,
    log,
    command: join(folder, 'missing'),
    ...options,
  })
  if (found === undefined) throw new Error('no devices')
  return found
}

describe.skipIf(compiler === undefined)('NVML (needs a C compiler for its stand-in)', () => {
  it('is read through the C library: facts, readings, processes', async () => {
    const { facts, telemetry } = await open({ nvmlFile: library })
    expect(telemetry.source).toBe('nvml')
    expect(facts).toEqual([
      {
        id: uuid,
        name: 'NVIDIA H100 80GB HBM3',
        memoryBytes: 85_520_809_984,
        driver: '580.0-fake',
        powerLimitWatts: 700,
      },
    ])
    const start = systemClock.wall()
    await until(() => telemetry.between(0, Infinity).length >= 4)
    const readings = telemetry.between(0, Infinity)
    expect(readings[0]).toMatchObject({
      device: uuid,
      utilizationPercent: 87,
      memoryBytes: 925_892_608,
      powerWatts: 350,
      temperatureCelsius: 54,
      clockMhz: 1395,
      throttleReasons: ['sw_power_cap'],
    })
    const counters = readings.map(({ energyJoules }) => energyJoules ?? NaN)
    expect(counters).toEqual([...counters].sort((a, b) => a - b))
    // Process 1 is there on every machine, and never ours.
    expect(await telemetry.foreignProcesses([], start)).toEqual([1])
    await telemetry.close()
  })
})

describe('the NVML probe’s process', () => {
  it('is started again after a crash', async () => {
    // A probe that dies after its first words, then one that lives: the second life tells.
    const probe = join(folder, 'probe.mjs')
    const reading = { at: 5, device: uuid, powerWatts: 1 }
    writeFileSync(
      probe,
      `import { existsSync, writeFileSync } from 'node:fs'
       const mark = ${JSON.stringify(join(folder, 'crashed'))}
       console.log(JSON.stringify({ kind: 'hello', devices: [{ uuid: '${uuid}' }] }))
       console.log(JSON.stringify({ kind: 'reading', reading: ${JSON.stringify(reading)} }))
       if (!existsSync(mark)) { writeFileSync(mark, ''); process.kill(process.pid, 'SIGKILL') }
       process.stdin.resume()`,
    )
    const { telemetry } = await open({ probe })
    await until(() => telemetry.between(0, Infinity).length === 2)
    expect(telemetry.source).toBe('nvml')
    await telemetry.close()
  })

  it('gives way to nvidia-smi when it tells nothing any more', async () => {
    const probe = join(folder, 'silent.mjs')
    writeFileSync(
      probe,
      `console.log(JSON.stringify({ kind: 'hello', devices: [{ uuid: '${uuid}' }] }))`,
    )
    const command = join(folder, 'nvidia-smi')
    writeFileSync(
      command,
      `#!${process.execPath}
       if (!process.argv.some((each) => each.startsWith('--query-gpu='))) process.exit(9)
       console.log('uuid, power.draw [W]')
       setInterval(() => console.log('${uuid}, 77.5'), 20)`,
    )
    chmodSync(command, 0o755)
    const { telemetry } = await open({ probe, command })
    await until(() => telemetry.between(0, Infinity).length >= 1)
    expect(telemetry.source).toBe('nvidia-smi')
    expect(telemetry.between(0, Infinity)[0]).toMatchObject({ device: uuid, powerWatts: 77.5 })
    await telemetry.close()
  })
})

describe('without NVML', () => {
  it('finds no devices where neither library nor nvidia-smi is', async () => {
    const missing = join(folder, 'no-such-library.so')
    const found = await openNvidiaTelemetry({
      clock: systemClock,
      log,
      command: join(folder, 'no-nvidia-smi'),
      nvmlFile: missing,
    })
    expect(found).toBeUndefined()
  })
})
