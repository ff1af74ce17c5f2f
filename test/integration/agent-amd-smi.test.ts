import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAmdTelemetry } from '../../agent/host/amd-telemetry.js'
import { systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'

const fixtures = new URL('../fixtures/amd-smi/', import.meta.url).pathname
const first = 'GPU-7e8f7e20764e2714'
const log = createLog({ name: 'test', level: 'silent' })
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-amd-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A stand-in with the command line and the answers of ROCm 6.2, rounds every 20 ms. */
function standIn(refused: string): string {
  const path = join(folder, 'amd-smi')
  writeFileSync(
    path,
    `#!${process.execPath}
const { readFileSync } = require('node:fs')
const [command, ...words] = process.argv.slice(2)
const unknown = words.find((word) => ${JSON.stringify(refused)}.split(' ').includes(word))
if (!words.includes('--json') || unknown !== undefined) {
  console.log(JSON.stringify({ error: "Parameter '" + unknown + "' is invalid. Run '--help' for more info.", code: -2 }))
  process.exit(2)
}
const text = readFileSync(${JSON.stringify(fixtures)} + 'rocm-6.2-' + command + '.json', 'utf8')
  .replace('"pid": 4242', '"pid": 1')
if (!words.includes('--watch')) process.stdout.write(text)
else {
  if (process.env.PYTHONUNBUFFERED !== '1') process.exit(3)
  console.log("'CTRL' + 'C' to stop watching output:")
  setInterval(() => process.stdout.write(text), 20)
}
`,
  )
  chmodSync(path, 0o755)
  return path
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(0.01)
}

describe('amd-smi', () => {
  it('gives facts, readings and processes; words that it does not know are left out', async () => {
    const found = await openAmdTelemetry({
      clock: systemClock,
      log,
      command: standIn('-e --throttle --violation'),
    })
    if (found === undefined) throw new Error('no devices')
    const { facts, telemetry } = found
    expect(facts.map(({ id }) => id)).toEqual([first, 'GPU-de8287300da37c72'])
    expect(telemetry.source).toBe('amd-smi')
    expect(telemetry.periodSeconds).toBe(1)
    await until(() => telemetry.between(0, Infinity).length >= 6)
    expect(telemetry.between(0, Infinity)[0]).toMatchObject({
      device: first,
      powerWatts: 542,
      energyJoules: 8342711.25,
    })
    // As it came, not as it was asked for.
    expect(telemetry.periodSeconds).toBeLessThan(1)
    // Process 1 is there on every machine, and never ours.
    expect(await telemetry.foreignProcesses([], undefined, [first])).toEqual([1])
    expect(await telemetry.foreignProcesses([], undefined, ['GPU-de8287300da37c72'])).toEqual([])
    expect(await telemetry.foreignProcesses([1])).toEqual([])
    await telemetry.close()
  })

  it('finds nothing where it is not installed', async () => {
    const command = join(folder, 'missing')
    expect(await openAmdTelemetry({ clock: systemClock, log, command })).toBeUndefined()
  })
})
