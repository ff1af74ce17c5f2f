import { configurationOf, known } from './configuration-of.js'
import type { CsvRow } from './content.js'
import { CsvFields } from './csv-fields.js'
import { divisorOf, generationMetrics } from './fmwork-figures.js'
import type { ImportedRecord, ImportFormat } from './format.js'
import { Reading } from './reading.js'

const columns = ['hw', 'hwc', 'back', 'mm', 'prec', 'dp', 'ii', 'oo', 'bb', 'tp'] as const
const figureColumns = ['med', 'ttft', 'gen', 'itl', 'thp'] as const

interface Row {
  readonly fields: CsvFields
  readonly record: (swapped: boolean) => ImportedRecord
  /** Whether the figures fit the header, the swapped header, or both. */
  readonly fitsHeader: boolean
  readonly fitsSwapped: boolean
}

function rowOf(reading: Reading, row: CsvRow): Row | undefined {
  const fields = new CsvFields(reading, row)
  const [ii, oo, bb, tp, dp] = (['ii', 'oo', 'bb', 'tp', 'dp'] as const).map((name) =>
    fields.count(name),
  )
  const [med, ttft, gen, itl, thp] = figureColumns.map((name) => fields.positive(name))
  if (ii === undefined || oo === undefined || bb === undefined || tp === undefined) return undefined
  if (med === undefined || ttft === undefined || gen === undefined) return undefined
  if (itl === undefined || thp === undefined) return undefined
  if (dp !== 1) {
    reading.note(fields.place, 'dp', dp, 'left out: one copy of the model is what a row is of')
    return undefined
  }
  const [back, version] = (fields.text('back') ?? '').split('==')
  const hardware = fields.text('hw')
  return {
    fields,
    fitsHeader: divisorOf(gen, oo, itl) !== undefined,
    fitsSwapped: divisorOf(ttft, oo, itl) !== undefined,
    record: (swapped) => ({
      configuration: configurationOf({
        model: fields.text('mm'),
        engine: back === '' ? undefined : back,
        engineArgs: known({
          version,
          precision: fields.text('prec'),
          extraparams: fields.text('extraparams'),
        }),
        hardware: hardware === 'Unknown' ? undefined : hardware,
        tensorParallel: tp,
        load: bb,
        inputTokens: ii,
        outputTokens: oo,
      }),
      workload: 'static-batch',
      metrics: generationMetrics({
        outputTokens: oo,
        batch: bb,
        whole: med,
        ttft: swapped ? gen : ttft,
        generation: swapped ? ttft : gen,
        throughput: thp,
        names: swapped
          ? { whole: 'med', ttft: 'gen (swapped)', generation: 'ttft (swapped)' }
          : { whole: 'med', ttft: 'ttft', generation: 'gen' },
      }),
      cost: { seconds: med, basis: 'one repetition' },
      // Of vllmvars nothing is kept: environments hold secrets.
      environment: known({
        work: fields.text('work'),
        host: fields.text('host'),
        btim: fields.text('btim'),
        etim: fields.text('etim'),
      }),
      origin: { path: reading.path, place: fields.place },
    }),
  }
}

/**
 * fmwork’s CSV of 22 columns. Its writer swaps the columns ttft and gen; itl = 1000 x gen / oo tells
 * which of the two holds which.
 */
export const fmworkCsvFormat: ImportFormat = {
  name: 'fmwork-csv',
  title: 'CSV of fmwork',
  recognises: (content) =>
    content.kind === 'csv' &&
    [...columns, ...figureColumns].every((name) => content.columns.includes(name)),
  read(content) {
    const reading = new Reading(content.path, this.title)
    const rows = (content.kind === 'csv' ? content.rows : []).flatMap((row) => {
      const found = rowOf(reading, row)
      if (found === undefined) return []
      if (found.fitsHeader || found.fitsSwapped) return [found]
      reading.wrong(
        found.fields.place,
        'itl',
        found.fields.text('itl'),
        'is 1000 / oo x neither of gen and ttft',
      )
      return []
    })
    const swapped = rows.filter(({ fitsHeader }) => !fitsHeader)
    const kept = rows.filter(({ fitsSwapped }) => !fitsSwapped)
    const [first] = swapped
    if (first !== undefined) {
      reading.note(
        first.fields.place,
        'ttft, gen',
        undefined,
        `are swapped in ${swapped.length} of ${rows.length} rows (1000 x ttft / oo is itl); repaired`,
      )
    }
    // Where both fit, the rest of the file decides; the header, where nothing does.
    const ambiguous = swapped.length > kept.length
    return reading.done(
      rows.map(({ record, fitsHeader, fitsSwapped }) =>
        record(fitsHeader && fitsSwapped ? ambiguous : !fitsHeader),
      ),
    )
  },
}
