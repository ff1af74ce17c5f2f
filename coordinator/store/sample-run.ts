import type { Sample } from '../../shared/domain/sample.js'
import { fromJson, toJson } from './json.js'
import { pack, unpackDoubles, unpackWords } from './packed-numbers.js'
import type { Numbers } from './packed-numbers.js'
import { bytes, number, optionalText } from './row.js'
import type { Parameters, Row } from './statements.js'

/** Stored by position: new ones go to the end. */
const outcomes = [
  'ok',
  'error',
  'timeout',
  'cancelled',
] as const satisfies readonly Sample['outcome'][]

type Of<T> = (sample: Sample) => T

function packed(into: Numbers, samples: readonly Sample[], of: Of<number>): Uint8Array {
  samples.forEach((sample, index) => {
    into[index] = of(sample)
  })
  return pack(into)
}
const words = (samples: readonly Sample[], of: Of<number>) =>
  packed(new Uint32Array(samples.length), samples, of)
const octets = (samples: readonly Sample[], of: Of<number>) =>
  packed(new Uint8Array(samples.length), samples, of)
/** NaN where there is none. */
const doubles = (samples: readonly Sample[], of: Of<number | null | undefined>) =>
  packed(new Float64Array(samples.length), samples, (sample) => of(sample) ?? NaN)

/** A row of the table sample_run, but for whose it is. */
export function runParameters(samples: readonly Sample[]): Parameters {
  const errors = Object.fromEntries(
    samples.flatMap(({ error }, index) => (error === undefined ? [] : [[index, error]])),
  )
  return {
    samples: samples.length,
    repetition: words(samples, ({ repetition }) => repetition),
    request: words(samples, ({ request }) => request),
    input_tokens_asked: words(samples, ({ inputTokensAsked }) => inputTokensAsked),
    output_tokens_asked: words(samples, ({ outputTokensAsked }) => outputTokensAsked),
    scheduled_at: doubles(samples, ({ scheduledAt }) => scheduledAt),
    sent_at: doubles(samples, ({ sentAt }) => sentAt),
    first_event_at: doubles(samples, ({ firstEventAt }) => firstEventAt),
    ended_at: doubles(samples, ({ endedAt }) => endedAt),
    input_tokens: doubles(samples, ({ inputTokens }) => inputTokens),
    output_tokens: doubles(samples, ({ outputTokens }) => outputTokens),
    cached_tokens: doubles(samples, ({ cachedTokens }) => cachedTokens),
    warm_up: octets(samples, ({ warmUp }) => (warmUp ? 1 : 0)),
    outcome: octets(samples, ({ outcome }) => outcomes.indexOf(outcome)),
    errors: Object.keys(errors).length === 0 ? null : toJson(errors),
    ...chunkParameters(samples),
  }
}

function chunkParameters(samples: readonly Sample[]): Parameters {
  const total = samples.reduce((sum, { chunkAt }) => sum + chunkAt.length, 0)
  const chunkAt = new Float64Array(total)
  const chunkTokens = new Uint32Array(total)
  let at = 0
  let isRule = true
  for (const sample of samples) {
    chunkAt.set(sample.chunkAt, at)
    chunkTokens.set(sample.chunkTokens, at)
    isRule &&= sample.chunkTokens.every((tokens) => tokens === 1)
    at += sample.chunkAt.length
  }
  return {
    chunks: words(samples, ({ chunkAt: { length } }) => length),
    chunk_at: pack(chunkAt),
    // One token a chunk is the rule.
    chunk_tokens: isRule ? null : pack(chunkTokens),
  }
}

/** A row of the table sample_run: its samples are made when they are asked for. */
export class SampleRun {
  readonly count: number
  /** When each was sent. */
  readonly sentAt: Float64Array
  readonly #words: (column: string) => Uint32Array
  readonly #doubles: (column: string) => Float64Array
  readonly #row: Row
  readonly #errors: Readonly<Record<string, string>>
  /** Where the chunks of each begin, and where those of the last end. */
  readonly #firstChunk: Uint32Array

  constructor(row: Row) {
    this.#row = row
    this.count = number(row, 'samples')
    this.#words = unpackedOnce((column) => unpackWords(bytes(row, column)))
    this.#doubles = unpackedOnce((column) => unpackDoubles(bytes(row, column)))
    this.sentAt = this.#doubles('sent_at')
    const errors = optionalText(row, 'errors')
    this.#errors = errors === undefined ? {} : (fromJson(errors) as Record<string, string>)
    this.#firstChunk = new Uint32Array(this.count + 1)
    const chunks = this.#words('chunks')
    let first = 0
    for (let index = 0; index < this.count; index += 1) {
      first += chunks[index] ?? 0
      this.#firstChunk[index + 1] = first
    }
  }

  all(): Sample[] {
    return Array.from({ length: this.count }, (_, index) => this.at(index))
  }

  at(index: number): Sample {
    const word = (column: string) => this.#words(column)[index] ?? 0
    const double = (column: string) => this.#doubles(column)[index] ?? NaN
    const told = (column: string) => (Number.isNaN(double(column)) ? null : double(column))
    const octet = (column: string) => bytes(this.#row, column)[index] ?? 0
    const [first, end] = [this.#firstChunk[index] ?? 0, this.#firstChunk[index + 1] ?? 0]
    const firstEventAt = told('first_event_at')
    const error = this.#errors[index]
    return {
      repetition: word('repetition'),
      request: word('request'),
      warmUp: octet('warm_up') === 1,
      scheduledAt: double('scheduled_at'),
      sentAt: double('sent_at'),
      ...(firstEventAt === null ? {} : { firstEventAt }),
      chunkAt: Array.from(this.#doubles('chunk_at').subarray(first, end)),
      chunkTokens:
        this.#row.chunk_tokens === null
          ? new Array<number>(end - first).fill(1)
          : Array.from(this.#words('chunk_tokens').subarray(first, end)),
      endedAt: double('ended_at'),
      inputTokensAsked: word('input_tokens_asked'),
      outputTokensAsked: word('output_tokens_asked'),
      inputTokens: told('input_tokens'),
      outputTokens: told('output_tokens'),
      cachedTokens: told('cached_tokens'),
      outcome: outcomes[octet('outcome')] ?? 'error',
      ...(error === undefined ? {} : { error }),
    }
  }
}

function unpackedOnce<T>(unpack: (column: string) => T): (column: string) => T {
  const known = new Map<string, T>()
  return (column) => {
    const found = known.get(column) ?? unpack(column)
    known.set(column, found)
    return found
  }
}
