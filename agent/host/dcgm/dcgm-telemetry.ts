import type { DeviceFacts } from '../../../shared/domain/environment.js'
import type { Cancel, Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { DeviceTelemetry } from '../device-telemetry.js'
import { ReadingShelf } from '../reading-shelf.js'
import { dcgmDevices } from './dcgm-devices.js'

/** Where dcgm-exporter listens unless told otherwise. */
export const dcgmAddress = 'http://127.0.0.1:9400/metrics'
/** Seconds between scrapes; an exporter often collects less often than that. */
const periodSeconds = 1
const scrapeTimeoutMs = 2_000
const largestAnswerBytes = 16 * 1024 ** 2

export interface DcgmOptions {
  readonly clock: Clock
  readonly log: Log
  /** {@link dcgmAddress} by default. */
  readonly address?: string
}

/**
 * The devices of an NVIDIA dcgm-exporter on this host; undefined where none answers. An exporter does
 * not say when it read its values and repeats them until it reads again: a reading counts only when
 * something in it has changed, so that a slow exporter shows as the gaps that it leaves.
 */
export async function openDcgmTelemetry(
  options: DcgmOptions,
): Promise<{ facts: readonly DeviceFacts[]; telemetry: DeviceTelemetry } | undefined> {
  const { clock, log, address = dcgmAddress } = options
  const shelf = new ReadingShelf()
  const last = new Map<string, string>()
  const stop = new AbortController()
  const take = (text: string) => {
    const devices = dcgmDevices(text)
    for (const { facts, figures } of devices) {
      const said = JSON.stringify(figures)
      if (said === '{}' || last.get(facts.id) === said) continue
      last.set(facts.id, said)
      shelf.add({ at: clock.wall(), device: facts.id, ...figures })
    }
    return devices
  }
  let devices
  try {
    devices = take(await scrape(address, stop.signal))
  } catch (error) {
    log.debug({ address, error }, 'no dcgm-exporter')
    return undefined
  }
  if (devices.length === 0) return undefined
  let cancel: Cancel = () => undefined
  let silent = false
  const next = () => {
    cancel = clock.after(periodSeconds, () => {
      void scrape(address, stop.signal)
        .then((text) => {
          take(text)
          silent = false
        })
        .catch((error: unknown) => {
          if (!silent && !stop.signal.aborted)
            log.warn({ address, error }, 'dcgm-exporter is silent')
          silent = true
        })
        .finally(() => {
          if (!stop.signal.aborted) next()
        })
    })
  }
  next()
  return {
    facts: devices.map(({ facts }) => facts),
    telemetry: {
      source: 'dcgm',
      periodSeconds,
      between: (from, to) => shelf.between(from, to),
      subscribe: (listener) => shelf.subscribe(listener),
      foreignProcesses: () => Promise.resolve(undefined),
      close() {
        cancel()
        stop.abort()
        return Promise.resolve()
      },
    },
  }
}

async function scrape(address: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(address, {
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(scrapeTimeoutMs)]),
  })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    throw new Error(`${address} answered ${response.status}`)
  }
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength
    // Leaving the loop closes the connection.
    if (bytes > largestAnswerBytes) throw new Error(`${address} answered without end`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
