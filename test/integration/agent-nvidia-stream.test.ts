import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openNvidiaTelemetry } from '../../agent/host/nvidia-telemetry.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'

const xml = new URL('../fixtures/nvidia-smi/smi_busy.xml', import.meta.url).pathname
const uuid = 'GPU-b9d464c3-30ae-53cb-797e-ac5dea8ef9bb'
const log = createLog({ name: 'test', level: 'silent' })
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-nvidia-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A stand-in that answers `-q -x` like the real one, and runs `loop` (JavaScript) for a stream. */
function standIn(loop: string): string {
  const path = join(folder, 'nvidia-smi')
  writeFileSync(
    path,
    `#!${process.execPath}
const { readFileSync, appendFileSync } = require('node:fs')
const query = process.argv.find((each) => each.startsWith('--query-gpu='))
if (query === undefined) {
  // Process 1 is there on every machine, and never ours.
  const text = readFileSync(${JSON.stringify(xml)}, 'utf8').replace(/<pid>\\d+/, '<pid>1')
  process.stdout.write(text)
  process.exit(0)
}
appendFileSync(${JSON.stringify(join(folder, 'runs'))}, query + '\\n')
const header = 'uuid, power.draw [W], clocks_event_reasons.active\\n'
const row = '${uuid}, 100.5, 0x0000000000000004\\n'
${loop}
`,
  )
  chmodSync(path, 0o755)
  return path
}

const runs = () =>
  existsSync(join(folder, 'runs'))
    ? readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n')
    : []

async function open(command: string) {
  const found = await openNvidiaTelemetry({ clock: systemClock, log, command, nvml: 'off' })
  if (found === undefined) throw new Error('no devices')
  const readings: unknown[] = []
  found.telemetry.subscribe((reading) => readings.push(reading))
  return { ...found, readings }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(0.01)
}

describe('a long-lived nvidia-smi', () => {
  it('gives facts and readings, and ends when closed', async () => {
    const { facts, telemetry, readings } = await open(
      standIn(
        "process.stdout.write(header + 'garbage\\n'); setInterval(() => process.stdout.write(row), 20)",
      ),
    )
    expect(facts.map(({ id, name }) => [id, name])).toEqual([[uuid, 'NVIDIA H100 80GB HBM3']])
    await until(() => readings.length >= 2)
    expect(readings[0]).toMatchObject({
      device: uuid,
      powerWatts: 100.5,
      throttleReasons: ['sw_power_cap'],
    })
    expect(telemetry.between(0, systemClock.wall()).length).toBeGreaterThanOrEqual(2)
    await telemetry.close()
  })

  it('is started again when it ends', async () => {
    const { telemetry, readings } = await open(standIn('process.stdout.write(header + row)'))
    await until(() => readings.length >= 2)
    expect(runs().length).toBeGreaterThanOrEqual(2)
    await telemetry.close()
  })

  it('asks an old driver by its own names', async () => {
    const { telemetry, readings } = await open(
      standIn(
        "if (query.includes('clocks_event')) { console.log('Field \"clocks_event_reasons.active\" is not a valid field to query.'); process.exit(2) }" +
          'process.stdout.write(header); setInterval(() => process.stdout.write(row), 20)',
      ),
    )
    await until(() => readings.length >= 1)
    expect(runs().map((query) => query.includes('clocks_throttle'))).toEqual([false, true])
    await telemetry.close()
  })

  it('tells processes that are not ours', async () => {
    const { telemetry } = await open(standIn('setInterval(() => undefined, 1000)'))
    expect(await telemetry.foreignProcesses([])).toEqual([1])
    expect(await telemetry.foreignProcesses([1])).toEqual([])
    await telemetry.close()
  })

  it('finds nothing where there is none', async () => {
    const command = join(folder, 'missing')
    expect(
      await openNvidiaTelemetry({ clock: systemClock, log, command, nvml: 'off' }),
    ).toBeUndefined()
  })
})
