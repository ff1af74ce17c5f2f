import { parseFmworkLine } from './fmwork-lines.js'
import type { FmworkLine } from './fmwork-lines.js'

/** What one static batch is made of. */
export interface BatchShape {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly batch: number
  /** 1 where a line does not say. */
  readonly tensorParallel: number
}

/** One repetition. */
export interface FmworkRepetition {
  readonly shape: BatchShape
  /** From 1. */
  readonly repetition: number
  readonly repetitions: number
  readonly seconds: number
  /** Epoch or monotonic seconds; absent where the line has none. */
  readonly begin?: number
  readonly end?: number
  readonly model?: string
}

export interface FmworkLog {
  readonly repetitions: readonly FmworkRepetition[]
  /** RES and GEN lines as they stand. */
  readonly results: readonly FmworkLine[]
  readonly setUpSeconds?: number
  /** What vLLM says that profiling, cache and warm-up took. */
  readonly warmUpSeconds?: number
  /** Whether a first-generation run came to its end. */
  readonly done: boolean
  /** Lines that should be fmwork’s but fit no variant, and what contradicts itself. */
  readonly problems: readonly string[]
}

const banner = /\bRUN +(\d+) \/ (\d+) \/ (\d+)(?: \/ (\d+))?\s*$/
const doneBanner = /^[^A-Za-z]*DONE[^A-Za-z]*$/
const warmUp = /init engine \(profile, create kv cache, warmup model\) took ([\d.]+) seconds/
const mostProblems = 50

/** Reads a driver’s log line by line, as it is written or from a file. */
export class FmworkLogReader {
  readonly #repetitions: FmworkRepetition[] = []
  readonly #results: FmworkLine[] = []
  readonly #problems: string[] = []
  /** Of the banner above lines that do not tell their own. */
  #shape: BatchShape | undefined
  #setUpSeconds: number | undefined
  #warmUpSeconds: number | undefined
  #done = false

  add(text: string): void {
    const line = parseFmworkLine(text)
    if (line === undefined) this.#context(text)
    else if ('malformed' in line) this.#problem(line.malformed)
    else this.#line(line)
  }

  log(): FmworkLog {
    return {
      repetitions: this.#repetitions,
      results: this.#results,
      ...(this.#setUpSeconds === undefined ? {} : { setUpSeconds: this.#setUpSeconds }),
      ...(this.#warmUpSeconds === undefined ? {} : { warmUpSeconds: this.#warmUpSeconds }),
      done: this.#done,
      problems: this.#problems,
    }
  }

  #context(text: string): void {
    const [, ii, oo, bb, tp] = banner.exec(text) ?? []
    if (ii !== undefined) {
      this.#shape = {
        inputTokens: Number(ii),
        outputTokens: Number(oo),
        batch: Number(bb),
        tensorParallel: Number(tp ?? 1),
      }
    }
    if (doneBanner.test(text)) this.#done = true
    const seconds = warmUp.exec(text)?.[1]
    if (seconds !== undefined) this.#warmUpSeconds = Number(seconds)
  }

  #line(line: FmworkLine): void {
    switch (line.keyword) {
      case 'REP':
        this.#repetition(line)
        return
      case 'RES':
      case 'GEN':
        this.#results.push(line)
        return
      case 'SETUP':
        this.#setUpSeconds = line.figures.seconds
    }
  }

  #repetition({ variant, figures, words, notFinite }: FmworkLine): void {
    const shape = shapeOf(figures) ?? this.#shape
    const { dt: seconds = figures.inf ?? figures.total, rep, reps, begin, end } = figures
    if (shape === undefined) {
      this.#problem(`REP-${variant ?? ''} with neither a shape nor a RUN banner above it`)
      return
    }
    if (seconds === undefined || !(seconds > 0) || notFinite.length > 0) {
      this.#problem(`REP-${variant ?? ''} without a duration above 0`)
      return
    }
    this.#repetitions.push({
      shape,
      repetition: rep ?? 1,
      repetitions: reps ?? 1,
      seconds,
      ...(begin === undefined || end === undefined ? {} : { begin, end }),
      ...(words.model === undefined ? {} : { model: words.model }),
    })
  }

  #problem(text: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push(text)
  }
}

function shapeOf({ ii, oo, bb, tp = 1 }: FmworkLine['figures']): BatchShape | undefined {
  if (ii === undefined || oo === undefined || bb === undefined) return undefined
  return { inputTokens: ii, outputTokens: oo, batch: bb, tensorParallel: tp }
}

/** Reads a whole log. */
export function readFmworkLog(text: string): FmworkLog {
  const reader = new FmworkLogReader()
  for (const line of text.split(/\r?\n/)) reader.add(line)
  return reader.log()
}
