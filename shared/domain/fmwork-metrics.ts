/** fmwork’s own arithmetic, so that its figures can be reproduced digit by digit. Pure. */

/** What repetitions of one static batch give; of one shape (input, output, batch). */
export interface FmworkResult {
  /** Median, seconds. */
  readonly med: number
  /** Median absolute deviation over the median. */
  readonly mad: number
  /** Milliseconds per output token, prefill included. */
  readonly itl: number
  /** Output tokens per second, prefill included. */
  readonly thp: number
}

/** The same with the prefill taken out. */
export interface FmworkGeneration {
  readonly madTtft: number
  readonly mad: number
  /** Seconds of the whole batch, of its first token, and of what lies between. */
  readonly med: number
  readonly ttft: number
  readonly gen: number
  /** Milliseconds; divided by the output tokens, as fmwork does, not by one less. */
  readonly itl: number
  readonly thp: number
}

/** Repetitions left out at the start: a fifth, at least one, but never the only one. */
export const ignoredRepetitions = (count: number): number =>
  count === 1 ? 0 : Math.floor(Math.max(0.2 * count, 1))

function medianOf(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b)
  const middle = ordered.length / 2
  const upper = ordered[Math.floor(middle)] ?? NaN
  return Number.isInteger(middle) ? ((ordered[middle - 1] ?? NaN) + upper) / 2 : upper
}

/** Median, and median absolute deviation over the median. */
export type FmworkSpread = Pick<FmworkResult, 'med' | 'mad'>

export function fmworkSpread(values: readonly number[]): FmworkSpread {
  const med = medianOf(values)
  return { med, mad: medianOf(values.map((each) => Math.abs(each - med))) / med }
}

/** @param seconds of every repetition, in order */
export function fmworkResult(
  seconds: readonly number[],
  outputTokens: number,
  batch: number,
): FmworkResult {
  const { med, mad } = fmworkSpread(seconds.slice(ignoredRepetitions(seconds.length)))
  return {
    med,
    mad,
    itl: (1000 * med) / outputTokens,
    thp: (batch * outputTokens) / med,
  }
}

/**
 * @param firstToken seconds of every repetition with one output token
 * @param seconds the same with all of them
 */
export function fmworkGeneration(
  firstToken: readonly number[],
  seconds: readonly number[],
  outputTokens: number,
  batch: number,
): FmworkGeneration {
  const first = fmworkResult(firstToken, 1, batch)
  const whole = fmworkResult(seconds, outputTokens, batch)
  return generationBetween(first, whole, outputTokens, batch)
}

/** What lies between the first tokens of a batch and its end. */
export function generationBetween(
  first: FmworkSpread,
  whole: FmworkSpread,
  outputTokens: number,
  batch: number,
): FmworkGeneration {
  const gen = whole.med - first.med
  return {
    madTtft: first.mad,
    mad: whole.mad,
    med: whole.med,
    ttft: first.med,
    gen,
    itl: (1000 * gen) / outputTokens,
    thp: (batch * outputTokens) / gen,
  }
}

/** What a line says besides its figures. */
export interface FmworkShape {
  /** Seconds, with nine decimals. */
  readonly begin: string
  readonly end: string
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly batch: number
  readonly tensorParallel: number
}

const head = (keyword: string, shape: FmworkShape) =>
  `FMWORK ${keyword} ${shape.begin} ${shape.end} ${shape.model} ${shape.inputTokens} ${shape.outputTokens} ${shape.batch} ${shape.tensorParallel}`

/**
 * RES in the form of fmwork’s second generation (RES-C).
 *
 * @param decimals of its figures but the throughput; fmwork prints 3, which is little for a short batch
 */
export function formatFmworkResult(
  shape: FmworkShape,
  { mad, med, itl, thp }: FmworkResult,
  decimals = 3,
): string {
  const figures = [mad, med, itl].map((each) => each.toFixed(decimals))
  return `${head('RES', shape)} ${figures.join(' ')} ${thp.toFixed(1)}`
}

/**
 * GEN in the same form (GEN-E).
 *
 * @param decimals of its figures but the throughput; fmwork prints 3, which is little for a short batch
 */
export function formatFmworkGeneration(
  shape: FmworkShape,
  of: FmworkGeneration,
  decimals = 3,
): string {
  const seconds = [of.madTtft, of.mad, of.med, of.gen, of.ttft, of.itl].map((each) =>
    each.toFixed(decimals),
  )
  return `${head('GEN', shape)} ${seconds.join(' ')} ${of.thp.toFixed(1)}`
}
