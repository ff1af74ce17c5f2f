import type { Sample, TelemetryReading } from '../../domain/sample.js'
import type {
  Sample as WireSample,
  SampleInput as WireSampleInput,
} from '../gen/fmwork/v1/Sample.js'
import type {
  TelemetryReading as WireReading,
  TelemetryReadingInput as WireReadingInput,
} from '../gen/fmwork/v1/TelemetryReading.js'
import { defined, wordOf } from './parts.js'

const outcomes = ['ok', 'error', 'timeout', 'cancelled'] as const

export function sampleToWire(sample: Sample): WireSampleInput {
  return defined({
    repetition: sample.repetition,
    request: sample.request,
    warmUp: sample.warmUp,
    scheduledAtS: sample.scheduledAt,
    sentAtS: sample.sentAt,
    firstEventAtS: sample.firstEventAt,
    chunkAtS: [...sample.chunkAt],
    chunkTokens: [...sample.chunkTokens],
    endedAtS: sample.endedAt,
    inputTokensAsked: sample.inputTokensAsked,
    outputTokensAsked: sample.outputTokensAsked,
    inputTokens: sample.inputTokens ?? undefined,
    outputTokens: sample.outputTokens ?? undefined,
    cachedTokens: sample.cachedTokens ?? undefined,
    outcome: sample.outcome,
    error: sample.error,
  })
}

/** Written out, so that all have one shape: this runs for every sample of every report. */
export function sampleFromWire(wire: WireSample): Sample {
  const sample: { -readonly [K in keyof Sample]: Sample[K] } = {
    repetition: wire.repetition,
    request: wire.request,
    warmUp: wire.warmUp,
    scheduledAt: wire.scheduledAtS,
    sentAt: wire.sentAtS,
    chunkAt: wire.chunkAtS,
    chunkTokens: wire.chunkTokens,
    endedAt: wire.endedAtS,
    inputTokensAsked: wire.inputTokensAsked,
    outputTokensAsked: wire.outputTokensAsked,
    inputTokens: wire.inputTokens ?? null,
    outputTokens: wire.outputTokens ?? null,
    cachedTokens: wire.cachedTokens ?? null,
    outcome: wordOf(outcomes, wire.outcome, 'trial_samples.samples.outcome'),
  }
  if (wire.firstEventAtS !== undefined) sample.firstEventAt = wire.firstEventAtS
  if (wire.error !== undefined) sample.error = wire.error
  return sample
}

export function readingToWire(reading: TelemetryReading): WireReadingInput {
  const { at, throttleReasons, ...rest } = reading
  return defined({
    ...rest,
    atMs: at,
    throttleReasons: throttleReasons === undefined ? undefined : { reasons: [...throttleReasons] },
  })
}

export function readingFromWire(wire: WireReading): TelemetryReading {
  return defined({
    at: wire.atMs,
    device: wire.device,
    utilizationPercent: wire.utilizationPercent,
    memoryBytes: wire.memoryBytes,
    powerWatts: wire.powerWatts,
    temperatureCelsius: wire.temperatureCelsius,
    clockMhz: wire.clockMhz,
    throttleReasons: wire.throttleReasons?.reasons,
  })
}
