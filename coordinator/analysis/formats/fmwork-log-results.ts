import type { FmworkLine } from '../../../shared/domain/fmwork-lines.js'
import type { BatchShape } from '../../../shared/domain/fmwork-log.js'
import { divisorOf, generationMetrics, wholeMetrics } from './fmwork-figures.js'
import type { ImportedCost, ImportedMetric } from './format.js'
import type { Reading } from './reading.js'

/** What one RES or GEN line, or the REP lines of one shape, say. */
export interface FmworkShapeResult {
  readonly shape: BatchShape
  readonly model?: string
  readonly metrics: ImportedMetric[]
  readonly line: number
  readonly keyword: string
  /** Seconds of the whole batch, as printed. */
  readonly whole: number
  readonly cost: ImportedCost
}

export const shapeText = ({
  inputTokens,
  outputTokens,
  batch,
  tensorParallel,
}: BatchShape): string => [inputTokens, outputTokens, batch, tensorParallel].join(' ')

/** 0 where any of a shape’s numbers is. */
export const sizeOf = ({ inputTokens, outputTokens, batch, tensorParallel }: BatchShape): number =>
  inputTokens * outputTokens * batch * tensorParallel

/** Figures of a GEN line; undefined, and told, where they contradict each other. */
function generationOf(
  reading: Reading,
  line: number,
  shape: BatchShape,
  figures: FmworkLine['figures'],
): ImportedMetric[] | undefined {
  const { ttft = NaN, gen = NaN, itl = NaN, thp = NaN } = figures
  const whole = figures.med ?? figures.inf ?? ttft + gen
  const place = { path: '', line }
  const positive = [ttft, gen, itl, thp, whole].every((each) => each > 0 && each < 1e15)
  const sums = Math.abs(whole - ttft - gen) <= 0.0025 + 0.001 * whole
  const asPrinted = divisorOf(gen, shape.outputTokens, itl) !== undefined
  const swapped = !asPrinted && divisorOf(ttft, shape.outputTokens, itl) !== undefined
  if (!positive || !sums || !(asPrinted || swapped)) {
    const why = !positive
      ? 'a figure is not above 0'
      : sums
        ? 'itl is 1000 / oo x neither of gen and ttft'
        : 'med is not ttft + gen'
    reading.note(place, 'GEN', shapeText(shape), `left out: ${why}`)
    return undefined
  }
  if (swapped) {
    reading.note(place, 'GEN', shapeText(shape), 'ttft and gen are swapped (itl says so); repaired')
  }
  return generationMetrics({
    outputTokens: shape.outputTokens,
    batch: shape.batch,
    whole,
    ttft: swapped ? gen : ttft,
    generation: swapped ? ttft : gen,
    throughput: thp,
    names: { whole: 'med', ttft: 'ttft', generation: 'gen' },
  })
}

/** Undefined, and told, where a line says nothing that can be taken. */
export function resultOf(
  reading: Reading,
  line: number,
  parsed: FmworkLine,
): FmworkShapeResult | undefined {
  const { keyword, variant, figures, words } = parsed
  const { ii, oo, bb, tp = 1, begin, end } = figures
  const place = { path: '', line }
  if (keyword === 'RES' && variant === 'D') {
    reading.note(place, 'RES', undefined, 'left out: an embedding generates no tokens')
    return undefined
  }
  if (ii === undefined || oo === undefined || bb === undefined || !(ii * oo * bb * tp > 0)) {
    reading.note(place, keyword, undefined, 'left out: it has no shape of 1 or more')
    return undefined
  }
  const shape = { inputTokens: ii, outputTokens: oo, batch: bb, tensorParallel: tp }
  const whole = figures.med ?? figures.inf ?? (figures.ttft ?? NaN) + (figures.gen ?? NaN)
  if (!(whole > 0 && whole < 1e15)) {
    reading.note(place, keyword, shapeText(shape), 'left out: it has no duration above 0')
    return undefined
  }
  const metrics =
    keyword === 'RES' ? wholeMetrics(whole, oo, bb) : generationOf(reading, line, shape, figures)
  if (metrics === undefined) return undefined
  const run = begin === undefined || end === undefined ? 0 : end - begin
  return {
    shape,
    ...(words.model === undefined ? {} : { model: words.model }),
    metrics,
    line,
    keyword,
    whole,
    cost:
      run > 0
        ? { seconds: run, basis: 'repetitions' }
        : { seconds: whole, basis: 'one repetition' },
  }
}
