import type { ExportFormat } from './format.js'
import { batchRuns } from './fmwork-runs.js'
import type { BatchRun } from './fmwork-runs.js'

const columns =
  'work,user,host,btim,etim,hw,hwc,back,mm,prec,dp,ii,oo,bb,tp,med,ttft,gen,itl,thp,extraparams,vllmvars'

const two = (value: number) => String(value).padStart(2, '0')

/** fmwork’s `20250621-014836.577621`; in UTC, since no zone is written. */
function eventTime(milliseconds: number): string {
  const date = new Date(milliseconds)
  const day = `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`
  const time = `${two(date.getUTCHours())}${two(date.getUTCMinutes())}${two(date.getUTCSeconds())}`
  return `${day}-${time}.${String(date.getUTCMilliseconds()).padStart(3, '0')}000`
}

/** `4Q2025` */
function quarter(milliseconds: number): string {
  const date = new Date(milliseconds)
  return `${Math.floor(date.getUTCMonth() / 3) + 1}Q${date.getUTCFullYear()}`
}

/** A cell of RFC 4180. One that a spreadsheet would compute is given a blank first. */
function cell(value: string | number): string {
  const text = String(value)
  const safe = typeof value === 'string' && /^[=+\-@]/.test(text) ? ` ${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function rowOf({ run, generation }: BatchRun, swapped: boolean): string[] {
  if (generation === undefined) return []
  const { configuration, agent } = run.trial
  const { startedAt, timing } = run.measurement
  const { med, ttft, gen, itl, thp } = generation
  const [first, second] = swapped ? [gen, ttft] : [ttft, gen]
  const { engineArgs } = configuration
  const values = [
    quarter(startedAt),
    '',
    agent,
    eventTime(startedAt),
    eventTime(startedAt + 1000 * timing.measured),
    configuration.hardware,
    configuration.tensorParallel,
    configuration.engine,
    configuration.model,
    String(engineArgs.dtype ?? engineArgs.quantization ?? ''),
    1,
    configuration.inputTokens,
    configuration.outputTokens,
    configuration.load,
    configuration.tensorParallel,
    ...[med, first, second, itl, thp].map((each) => each.toFixed(6)),
    Object.entries(engineArgs)
      .map(([name, value]) => `${name}=${String(value)}`)
      .join(' '),
    '',
  ]
  return [values.map(cell).join(',')]
}

const csvFormat = (name: string, title: string, swapped: boolean): ExportFormat => ({
  name,
  title,
  render(report, requests) {
    const { batches, problems } = batchRuns(report, requests)
    const rows = batches.flatMap((batch) => rowOf(batch, swapped))
    const without = batches.length - rows.length
    return {
      files: [{ path: 'fmwork.csv', text: `${[columns, ...rows].join('\n')}\n` }],
      problems: [
        ...problems,
        ...(without === 0
          ? []
          : [
              {
                field: 'measurements',
                value: String(without),
                expected: 'are left out: the columns ttft and gen need a second token',
              },
            ]),
      ],
    }
  },
})

/** Each column holds what its header says. */
export const fmworkCsvExport = csvFormat('fmwork-csv', 'CSV of IBM’s fmwork, 22 columns', false)

/** As fmwork’s own process.py writes it, for scripts that count on that. */
export const fmworkSwappedExport = csvFormat(
  'fmwork-csv-swapped',
  'the same with ttft and gen swapped, as fmwork writes it',
  true,
)
