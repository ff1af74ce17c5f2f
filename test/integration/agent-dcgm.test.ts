import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openDcgmTelemetry } from '../../agent/host/dcgm/dcgm-telemetry.js'
import { FakeClock, systemClock } from '../../shared/process/clock.js'
import { createLog } from '../../shared/process/log.js'

const log = createLog({ name: 'test', level: 'silent' })
let server: Server | undefined

afterEach(
  () =>
    new Promise<void>((resolve) => {
      server?.closeAllConnections()
      if (server === undefined) resolve()
      else server.close(() => resolve())
      server = undefined
    }),
)

/** An exporter whose answer `answer` gives, with its number of scrapes so far. */
async function exporter(answer: (scrapes: number) => string, status = 200) {
  let scrapes = 0
  server = createServer((_request, response) => {
    scrapes += 1
    response.statusCode = status
    response.end(answer(scrapes))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}/metrics`, scrapes: () => scrapes }
}

const power = (watts: number) =>
  `DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-0",modelName="NVIDIA H100"} ${watts}\n`

/** Moves the clock on until the exporter was scraped so often. */
async function scraped(clock: FakeClock, scrapes: () => number, count: number): Promise<void> {
  while (scrapes() < count) {
    await clock.advance(1)
    await systemClock.sleep(0.005)
  }
  await systemClock.sleep(0.02)
}

describe('dcgm-exporter', () => {
  it('is scraped, and a value that it repeats is no reading', async () => {
    const clock = new FakeClock()
    const { address, scrapes } = await exporter((count) => power(count < 4 ? 300 : 301))
    const found = await openDcgmTelemetry({ clock, log, address })
    expect(found?.facts).toEqual([{ id: 'GPU-0', name: 'NVIDIA H100', memoryBytes: 0 }])
    await scraped(clock, scrapes, 5)
    const readings = found?.telemetry.between(0, Infinity) ?? []
    expect(readings.map(({ powerWatts }) => powerWatts)).toEqual([300, 301])
    expect(await found?.telemetry.foreignProcesses([])).toBeUndefined()
    await found?.telemetry.close()
  })

  it('may fall silent and come back', async () => {
    const clock = new FakeClock()
    const { address, scrapes } = await exporter((count) =>
      count === 2 ? '<html>busy</html>' : power(count),
    )
    const found = await openDcgmTelemetry({ clock, log, address })
    await scraped(clock, scrapes, 3)
    expect(found?.telemetry.between(0, Infinity).map(({ powerWatts }) => powerWatts)).toEqual([
      1, 3,
    ])
    await found?.telemetry.close()
  })

  it('is not taken for one where something else answers, or nothing', async () => {
    const other = await exporter(() => 'node_load1 1\n')
    const clock = new FakeClock()
    expect(await openDcgmTelemetry({ clock, log, address: other.address })).toBeUndefined()
    const { port } = server?.address() as AddressInfo
    await new Promise<void>((resolve) => {
      server?.closeAllConnections()
      server?.close(() => resolve())
      server = undefined
    })
    const gone = `http://127.0.0.1:${port}/metrics`
    expect(await openDcgmTelemetry({ clock, log, address: gone })).toBeUndefined()
  })

  it('is not believed when it fails', async () => {
    const { address } = await exporter(() => power(1), 500)
    expect(await openDcgmTelemetry({ clock: new FakeClock(), log, address })).toBeUndefined()
  })
})
