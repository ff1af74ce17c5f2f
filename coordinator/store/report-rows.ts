import type { Sample, TelemetryReading } from '../../shared/domain/sample.js'
import { fromJson } from './json.js'
import { bytes, number, optionalNumber, optionalText, text } from './row.js'
import { unpackCounts, unpackTimes } from './sample-blob.js'
import type { Row } from './statements.js'

/** @param row of the table sample. */
export function sampleOf(row: Row): Sample {
  const chunkAt = unpackTimes(bytes(row, 'chunk_at'))
  const counts = row.chunk_tokens === null ? null : bytes(row, 'chunk_tokens')
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
    chunkTokens: unpackCounts(counts, chunkAt.length),
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
