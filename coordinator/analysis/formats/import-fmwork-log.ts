import { parseFmworkLine } from '../../../shared/domain/fmwork-lines.js'
import { readFmworkLog } from '../../../shared/domain/fmwork-log.js'
import type { FmworkRepetition } from '../../../shared/domain/fmwork-log.js'
import { fmworkResult } from '../../../shared/domain/fmwork-metrics.js'
import { configurationOf, known } from './configuration-of.js'
import { wholeMetrics } from './fmwork-figures.js'
import { resultOf, shapeText, sizeOf } from './fmwork-log-results.js'
import type { FmworkShapeResult } from './fmwork-log-results.js'
import type { ImportedRecord, ImportFormat } from './format.js'
import { printable, Reading } from './reading.js'

const ours = /^FMWORK (?:REP|RES|GEN) /
/** Longer lines are an engine’s dump, not a result. */
const longestLine = 65_536

/** GEN lines say all that the RES line of the same shape says, so they take its place. */
function merged(results: readonly FmworkShapeResult[]): FmworkShapeResult[] {
  const open: FmworkShapeResult[] = []
  for (const result of results) {
    const twin = open.findIndex(
      (other) =>
        other.keyword === 'RES' &&
        result.keyword === 'GEN' &&
        shapeText(other.shape) === shapeText(result.shape) &&
        other.model === result.model &&
        Math.abs(other.whole / result.whole - 1) < 0.01,
    )
    const res = open[twin]
    if (res === undefined) open.push(result)
    else {
      const has = new Set(result.metrics.map(({ definition }) => definition))
      const rest = res.metrics.filter(({ definition }) => !has.has(definition))
      open[twin] = { ...result, metrics: [...result.metrics, ...rest] }
    }
  }
  return open
}

/** Repetitions of shapes for which no RES or GEN line was printed: a log that was cut, or was never summed up. */
function fromRepetitions(
  repetitions: readonly FmworkRepetition[],
  results: readonly FmworkShapeResult[],
): FmworkShapeResult[] {
  const summed = new Set(results.map(({ shape }) => shapeText(shape)))
  const groups = new Map<string, FmworkRepetition[]>()
  for (const each of repetitions) {
    const key = shapeText(each.shape)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [each])
    else group.push(each)
  }
  return [...groups].flatMap(([key, group]) => {
    const [first] = group
    if (first === undefined || summed.has(key) || !(sizeOf(first.shape) > 0)) return []
    const { outputTokens, batch } = first.shape
    const durations = group.map(({ seconds }) => seconds)
    const whole = fmworkResult(durations, outputTokens, batch).med
    return [
      {
        shape: first.shape,
        ...(first.model === undefined ? {} : { model: first.model }),
        metrics: wholeMetrics(whole, outputTokens, batch),
        line: 1,
        keyword: 'REP',
        whole,
        cost: {
          seconds: durations.reduce((sum, each) => sum + each, 0),
          basis: 'repetitions' as const,
        },
      },
    ]
  })
}

/** A run that was cut: the last repetition of a shape is not the last one announced. */
function noteCut(reading: Reading, repetitions: readonly FmworkRepetition[]): void {
  const last = repetitions[repetitions.length - 1]
  if (last === undefined || last.repetition >= last.repetitions) return
  const value = `${last.repetition} of ${last.repetitions}`
  reading.note({ path: '' }, 'REP', value, 'the last repetition; the log was cut')
}

/** A log with the lines that IBM’s fmwork prints, of every version and fork. */
export const fmworkLogFormat: ImportFormat = {
  name: 'fmwork',
  title: 'log of fmwork',
  recognises: (content) => content.kind === 'text' && content.lines.some((line) => ours.test(line)),
  read(content) {
    const reading = new Reading(content.path, this.title)
    const lines = content.kind === 'text' ? content.lines : []
    const results: FmworkShapeResult[] = []
    lines.forEach((text, index) => {
      if (!ours.test(text) || text.length > longestLine) return
      const parsed = parseFmworkLine(text)
      if (parsed === undefined) return
      if ('malformed' in parsed) {
        reading.note({ path: '', line: index + 1 }, 'line', text, parsed.malformed)
      } else if (parsed.keyword !== 'REP') {
        const result = resultOf(reading, index + 1, parsed)
        if (result !== undefined) results.push(result)
      }
    })
    const short = lines.filter((line) => line.length <= longestLine)
    const { repetitions, setUpSeconds, warmUpSeconds } = readFmworkLog(short.join('\n'))
    noteCut(reading, repetitions)
    const all = [...merged(results), ...fromRepetitions(repetitions, results)]
    return reading.done(
      all.map((result): ImportedRecord => ({
        configuration: configurationOf({
          model: result.model === undefined ? undefined : printable(result.model),
          engineArgs: {},
          tensorParallel: result.shape.tensorParallel,
          load: result.shape.batch,
          inputTokens: result.shape.inputTokens,
          outputTokens: result.shape.outputTokens,
        }),
        workload: 'static-batch',
        metrics: result.metrics,
        cost: result.cost,
        environment: known({ set_up_s: setUpSeconds, warm_up_s: warmUpSeconds }),
        origin: { path: content.path, place: { path: '', line: result.line } },
      })),
    )
  },
}
