import { writeFileSync } from 'node:fs'
import { answer } from '../../coordinator/analysis/cost/answer.js'
import type { Answer, Inquiry } from '../../coordinator/analysis/cost/answer.js'
import { objectives } from '../../coordinator/decision/appraise.js'
import type { Objective } from '../../coordinator/decision/appraise.js'
import { answerJson } from '../../coordinator/analysis/cost/answer-json.js'
import { withMeasurements } from '../../coordinator/analysis/cost/with-measurements.js'
import { readClause, sloOf, sloWords } from '../../coordinator/decision/slo.js'
import type { Slo } from '../../coordinator/decision/slo.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { bookOf, mergedBook, priceIn } from '../../shared/domain/price-book.js'
import type { PriceBook } from '../../shared/domain/price-book.js'
import type { CliContext } from '../context.js'
import { givenPrices, hardwareIn, pricesOf } from '../given-prices.js'
import type { PriceOptions } from '../given-prices.js'
import { readSources } from '../knowledge-source.js'
import type { Source } from '../knowledge-source.js'
import { createOutput } from '../output.js'
import { answerText, isUnknown, nextText } from '../view/answer-text.js'
import { followUpSweep } from '../follow-up-sweep.js'
import { trafficFor } from '../traffic.js'
import type { ResumeOptions } from './resume.js'

export interface RecommendOptions extends ResumeOptions, PriceOptions {
  readonly slo: readonly string[]
  readonly load?: number
  readonly input?: number
  readonly output?: number
  readonly any: boolean
  readonly objective?: string
  readonly spares: number
  readonly utilization: number
  readonly available: readonly string[]
  readonly budget?: number
  /** Also where to: a sweep file of what is worth measuring. */
  readonly next?: string | true
  readonly with: readonly string[]
  readonly includePredicted: boolean
}

const wrong = (field: string, value: string, expected: string): FmworkError =>
  new FmworkError('USAGE', `${field} cannot be ${value}`, {
    problems: [{ field, value, expected }],
  })

/** Sweep file, then price file, then flags: the later replaces the earlier. */
function pricesFor({ knowledge, report }: Source, options: PriceOptions): PriceBook {
  const classes = hardwareIn(knowledge)
  const own = report === undefined ? [] : bookOf(report.sweep.prices)
  return mergedBook(pricesOf(own, classes), givenPrices(knowledge.name, classes, options))
}

function objectiveFor(
  named: string | undefined,
  { knowledge }: Source,
  prices: PriceBook,
): Objective {
  const found = objectives.find((each) => each === named)
  if (found !== undefined) return found
  if (named !== undefined) {
    throw wrong('--objective', named, `expected one of ${objectives.join(', ')}`)
  }
  const allPriced = knowledge.points.every(
    ({ configuration }) => priceIn(prices, configuration.hardware) !== undefined,
  )
  return allPriced ? 'usd' : 'device-seconds'
}

function availableFrom(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, count] = /^([^=]+)=(\d+)$/.exec(text) ?? []
      if (name === undefined) {
        throw wrong('--available', text, 'expected CLASS=DEVICES, such as H100=16')
      }
      return [name.toLowerCase(), Number(count)]
    }),
  )
}

/** The question of a command line, with the sweep file’s own limits and prices where none are given. */
export function inquiryFrom(source: Source, options: RecommendOptions): Inquiry {
  const { knowledge, report } = source
  const prices = pricesFor(source, options)
  const slo: Slo =
    options.slo.length > 0
      ? options.slo.map((clause) => readClause(clause))
      : report === undefined
        ? []
        : sloOf(report.sweep)
  const objective = objectiveFor(options.objective, source, prices)
  if (options.load !== undefined && objective !== 'usd') {
    throw new FmworkError('USAGE', 'a fleet is chosen by its price', {
      problems: [
        { field: '--price', expected: 'expected a price for every hardware class of the sweep' },
      ],
    })
  }
  return {
    knowledge,
    traffic: trafficFor(knowledge, options),
    slo,
    objective,
    prices,
    includePredicted: options.includePredicted,
    ...(options.load === undefined
      ? {}
      : {
          need: {
            requestRate: options.load,
            spares: options.spares,
            utilization: options.utilization,
            available: availableFrom(options.available),
          },
        }),
    ...(options.horizon === undefined ? {} : { horizonHours: options.horizon }),
    ...(options.budget === undefined ? {} : { budgetUsd: options.budget }),
  }
}

function writeNext(path: string, source: Source, found: Answer): string {
  const { report } = source
  if (report === undefined) {
    throw wrong(
      '--next',
      path,
      'expected a sweep to go on from; a recorded grid cannot be measured',
    )
  }
  const worthwhile = (found.benchmark?.measure ?? found.nextHour.next).flatMap(
    ({ points }) => points,
  )
  // What is worth measuring may be nothing while the choice itself is only predicted.
  const measure = [...new Set([...worthwhile, ...(found.confirmation?.points ?? [])])]
  if (measure.length === 0) return 'Nothing more is worth measuring for this question.'
  try {
    writeFileSync(path, followUpSweep(report, measure))
  } catch (cause) {
    throw new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot write ${path}`, { cause })
  }
  return `Measure them with: fmwork run ${path}`
}

/** `fmwork recommend [SOURCE]`: which configuration to run, why, and how sure that is. */
export async function recommendCommand(
  context: CliContext,
  named: string | undefined,
  options: RecommendOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const names = [named, ...options.with]
  const [first, ...others] = await readSources(context, names, options, output.note)
  if (first === undefined) throw new FmworkError('SWEEP_NOT_FOUND', 'there is no such sweep')
  const knowledge = others.reduce(
    (known, other) => withMeasurements(known, other.knowledge),
    first.knowledge,
  )
  const source: Source = { ...first, knowledge }
  const inquiry = inquiryFrom(source, options)
  const found = answer(inquiry)
  output.result(
    answerJson(inquiry, found, source.report),
    answerText(inquiry, found, source.report),
  )
  if (options.next !== undefined && !options.json) output.note(nextText(found))
  if (typeof options.next === 'string') output.note(writeNext(options.next, source, found))
  if (found.recommendation === undefined && isUnknown(found)) {
    throw new FmworkError(
      'NO_RECOMMENDATION',
      `too little of ${source.knowledge.name} is measured to recommend anything`,
      {
        hint: 'Measure more: `fmwork resume`, or name one request length with --input and --output.',
      },
    )
  }
  if (found.recommendation === undefined) {
    throw new FmworkError(
      'NO_RECOMMENDATION',
      `no configuration of ${source.knowledge.name} is estimated to meet ${sloWords(inquiry.slo)}`,
    )
  }
  if (inquiry.need !== undefined && found.serving === undefined) {
    throw new FmworkError(
      'NO_RECOMMENDATION',
      `no fleet of the devices available carries ${inquiry.need.requestRate} requests per second`,
      { hint: 'Raise --available, or lower --load or --spares.' },
    )
  }
  return 0
}
