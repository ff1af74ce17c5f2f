import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { equalPrices, hardwareOf } from '../coordinator/analysis/evaluate/decision-case.js'
import type { DecisionCase } from '../coordinator/analysis/evaluate/decision-case.js'
import type { Grid } from '../coordinator/analysis/evaluate/grid.js'
import { knowledgeOfGrid } from '../coordinator/analysis/cost/knowledge-of-grid.js'
import { readClause } from '../coordinator/decision/slo.js'
import { FmworkError } from '../shared/domain/errors.js'
import type { Problem } from '../shared/domain/errors.js'
import { bookOf, mergedBook, priceIn } from '../shared/domain/price-book.js'
import type { PriceBook } from '../shared/domain/price-book.js'
import { readYaml } from '../shared/domain/read-yaml.js'
import { trafficFor } from './traffic.js'

const tokens = z.int().positive('expected tokens above 0')

/** One case of a file, as its author wrote it. */
const question = z.strictObject({
  slo: z.array(z.string(), 'expected a list of limits such as [itl<30ms]').default([]),
  input_tokens: tokens.optional(),
  output_tokens: tokens.optional(),
  any: z.boolean().default(false),
  prices: z.record(z.string().min(1), z.number().min(0, 'expected USD of 0 or more')).optional(),
})
const casesFile = z.strictObject({
  cases: z.array(question).min(1, 'expected at least one case'),
})

type Question = z.infer<typeof question>

const invalid = (problems: readonly Problem[], cause?: unknown): FmworkError =>
  new FmworkError('USAGE', 'the file of cases is not a list of cases', {
    problems,
    cause,
    hint: 'docs/GRIDS.md has an example.',
  })

function read(path: string): Question[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new FmworkError('USAGE', `cannot read ${path}`, {
      problems: [{ field: '--cases', value: path, expected: 'expected a readable YAML file' }],
      cause,
    })
  }
  return readYaml(text, casesFile, invalid).cases
}

/** A price for every class, else the choice would be made without some of the hardware. */
function completePrices(grid: Grid, book: PriceBook, field: string): PriceBook {
  const missing = hardwareOf(grid).filter((name) => priceIn(book, name) === undefined)
  if (missing.length === 0) return book
  throw new FmworkError('PRICES_INVALID', `${missing.join(', ')} of ${grid.name} has no price`, {
    problems: [{ field, expected: 'expected a price for every hardware class of the grid' }],
  })
}

/**
 * What the given prices are for a grid: complete, or none at all.
 *
 * @throws FmworkError PRICES_INVALID where some hardware has one and other has not.
 */
export const gridPrices = (grid: Grid, given: PriceBook): PriceBook | undefined =>
  given.length === 0 ? undefined : completePrices(grid, given, '--price')

/**
 * The cases of a file, for one grid. A case without prices takes those given, and else a device-hour of any
 * hardware costs the same.
 *
 * @throws FmworkError USAGE for a file that is none, and for limits or lengths that the grid does not have.
 */
export function readCases(path: string, grid: Grid, given: PriceBook | undefined): DecisionCase[] {
  const knowledge = knowledgeOfGrid(grid)
  return read(path).map(
    ({ slo, input_tokens: input, output_tokens: output, any, prices }, k): DecisionCase => {
      const field = `cases.${k}`
      const lengths = {
        ...(input === undefined ? {} : { input }),
        ...(output === undefined ? {} : { output }),
      }
      const own =
        prices === undefined
          ? undefined
          : completePrices(grid, mergedBook(given ?? [], bookOf(prices)), `${field}.prices`)
      return {
        traffic: trafficFor(
          knowledge,
          { any, ...lengths },
          { input: `${field}.input_tokens`, output: `${field}.output_tokens` },
        ),
        slo: slo.map((clause) => readClause(clause, `${field}.slo`)),
        priceName: own !== undefined ? 'of the case' : given === undefined ? 'equal' : 'given',
        prices: own ?? given ?? equalPrices(grid),
      }
    },
  )
}
