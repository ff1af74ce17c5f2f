import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import { fromJson } from './json.js'
import { bytes, number, optionalNumber, optionalText, text } from './row.js'
import { unpackDoubles, unpackWords } from './packed-numbers.js'
import type { Row } from './statements.js'

/** @param row of the table sample, which nothing is added to any more. */
export function sampleOf(row: Row): Sample {
  const chunkAt = Array.from(unpackDoubles(bytes(row, 'chunk_at')))
  const error = optionalText(row, 'error')
  const firstEventAt = optionalNumber(row, 'first_event_at')
  return {
    repetition: number(row, 'repetition'),
    request: number(row, 'request'),
    warmUp: number(row, 'warm_up') === 1,
    scheduledAt: number(row, 'scheduled_at'),
    sentAt: number(row, 'sent_at'),
    ...(firstEventAt === undefined ? {} : { firstEventAt }),
    chunkAt,
    chunkTokens:
      row.chunk_tokens === null
        ? new Array<number>(chunkAt.length).fill(1)
        : Array.from(unpackWords(bytes(row, 'chunk_tokens'))),
    endedAt: number(row, 'ended_at'),
    inputTokensAsked: number(row, 'input_tokens_asked'),
    outputTokensAsked: number(row, 'output_tokens_asked'),
    inputTokens: optionalNumber(row, 'input_tokens') ?? null,
    outputTokens: optionalNumber(row, 'output_tokens') ?? null,
    cachedTokens: optionalNumber(row, 'cached_tokens') ?? null,
    outcome: text(row, 'outcome') as Sample['outcome'],
    ...(error === undefined ? {} : { error }),
  }
}

/** @param row of the table telemetry. */
export function readingOf(row: Row): TelemetryReading {
  const figures = {
    utilizationPercent: optionalNumber(row, 'utilization_percent'),
    memoryBytes: optionalNumber(row, 'memory_bytes'),
    powerWatts: optionalNumber(row, 'power_watts'),
    temperatureCelsius: optionalNumber(row, 'temperature_celsius'),
    clockMhz: optionalNumber(row, 'clock_mhz'),
  }
  const reasons = optionalText(row, 'throttle_reasons')
  return {
    at: number(row, 'at'),
    device: text(row, 'device'),
    ...Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)),
    ...(reasons === undefined ? {} : { throttleReasons: fromJson(reasons) as string[] }),
  }
}
