import type { Block } from '../../../shared/domain/configuration.js'
import type { TrialRecord } from '../../../shared/domain/sweep-desk.js'
import { evenSample } from './even-sample.js'
import { isSuspectRecord } from './suspect-trials.js'
import { loadWords } from './report.js'
import type { Report } from './report.js'
import type { Table } from './table.js'
import { deviceSeconds, metricInterval, wholeNumber } from './units.js'

/** Trials that a page shows; measurements.csv has every one. */
const shownTrials = 4000

/** Everything of a configuration but its load and lengths, for people. */
export function blockWords(configuration: Block): string {
  const { model, engine, engineArgs, hardware, tensorParallel } = configuration
  const given = Object.keys(engineArgs)
    .sort()
    .map((name) => `${name}=${String(engineArgs[name])}`)
  return [
    model,
    engine,
    ...given,
    hardware,
    `${tensorParallel} device${tensorParallel === 1 ? '' : 's'}`,
  ].join(' · ')
}

function resultWords(trial: TrialRecord): string {
  return trial.reason === ''
    ? trial.state.toLowerCase()
    : `${trial.state.toLowerCase()}: ${trial.reason}`
}

const suspectWords = 'suspect: the level changed'

const doubtKinds = ({ measurement }: TrialRecord, suspect: boolean): string =>
  [
    ...(suspect ? ['suspect'] : []),
    ...(measurement?.doubts ?? []).map(({ kind, severity }) =>
      severity === 'invalid' ? `${kind} (invalid)` : kind,
    ),
  ].join(', ')

const doubtWords = ({ measurement }: TrialRecord, suspect: boolean): string =>
  [
    ...(suspect ? [suspectWords] : []),
    ...(measurement?.doubts ?? []).map(
      ({ kind, severity, detail }) => `${kind} (${severity}): ${detail}`,
    ),
  ].join('; ')

/** Every trial that ended, its figures with intervals, and the doubts about them. */
export function measurementTable(report: Report): Table {
  const { trials, sweep } = report
  const suspect = (trial: TrialRecord) => isSuspectRecord(trial, report.status.changes)
  const shown = evenSample(trials, shownTrials, sweep.strategy.seed)
  const { metrics } = sweep
  const blocks = new Set(trials.map(({ configuration }) => blockWords(configuration)))
  const [only] = blocks.size === 1 ? blocks : []
  const blockNote = only === undefined ? '' : `All on ${only}. `
  const first = only === undefined ? 1 : 0
  const sampled =
    shown.length < trials.length
      ? `An even sample of ${wholeNumber(shown.length)} of ${wholeNumber(trials.length)} trials (seed ${sweep.strategy.seed}); measurements.csv has all of them. `
      : ''
  return {
    title: 'Measurements',
    note: `${blockNote}${sampled}Intervals are those of the measurement itself. A doubt stays beside its number; invalid ones are not used.`,
    columns: [
      ...(only === undefined ? ['configuration'] : []),
      loadWords(report).label,
      'input (tokens)',
      'output (tokens)',
      'purpose',
      'result',
      ...metrics,
      'cost',
      'doubts',
    ],
    numeric: new Set(
      [0, 1, 2, ...metrics.map((_, k) => 5 + k), 5 + metrics.length].map((k) => first + k),
    ),
    folded: {
      column: first + 6 + metrics.length,
      short: shown.map((trial) => doubtKinds(trial, suspect(trial))),
    },
    rows: shown.map((trial) => [
      ...(only === undefined ? [blockWords(trial.configuration)] : []),
      String(trial.configuration.load),
      String(trial.configuration.inputTokens),
      String(trial.configuration.outputTokens),
      trial.purpose,
      resultWords(trial),
      ...metrics.map((metric) => {
        const found = trial.measurement?.metrics.find((each) => each.metric === metric)
        return found === undefined ? '–' : metricInterval(metric, found)
      }),
      trial.measurement === undefined ? '–' : deviceSeconds(trial.measurement.deviceSeconds),
      doubtWords(trial, suspect(trial)),
    ]),
  }
}
