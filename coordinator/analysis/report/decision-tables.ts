import { sloWords } from '../../decision/slo.js'
import { accuracyWords } from './headline.js'
import { blockWords } from './measurement-tables.js'
import { loadWords } from './report.js'
import type { Report } from './report.js'
import { reportRecommendations } from './recommendations.js'
import { sweepSteps } from './sweep-steps.js'
import type { Table } from './table.js'
import {
  chance,
  deviceSeconds,
  figure,
  percent,
  times,
  timesInterval,
  wholeNumber,
} from './units.js'

/** Gain and accuracy per step, as the FMwork paper states them; undefined before anything is known. */
export function stepsTable(report: Report): Table | undefined {
  const steps = sweepSteps(report)
  if (steps === undefined) return undefined
  const { status } = report
  const metrics = status.accuracy.map(({ metric }) => metric)
  return {
    title: 'Gain and accuracy per step',
    note: 'Reference of every gain: all configurations measured once, by forecast. The accuracy of the fixed steps is stated against this sweep’s own surface; that of the sweep is its audited claim, with its 90 % interval. Short outputs stand for long ones in a static batch only.',
    columns: [
      'step',
      'configurations',
      'cost',
      'gain',
      ...metrics.map((metric) => `accuracy of ${metric}`),
    ],
    numeric: new Set([1, 2, 3, ...metrics.map((_, k) => 4 + k)]),
    rows: [
      ...steps.map((step, place) => [
        step.name,
        wholeNumber(step.configurations),
        deviceSeconds(step.deviceSeconds),
        times(step.gain),
        ...metrics.map((metric) => {
          const accuracy = step.accuracy[metric]
          if (place === 0) return 'reference'
          return accuracy === undefined ? '–' : percent(accuracy)
        }),
      ]),
      [
        `this sweep (${report.sweep.strategy.kind})`,
        wholeNumber(status.measured),
        deviceSeconds(status.spent.deviceSeconds),
        timesInterval(status.gain),
        ...status.accuracy.map(accuracyWords),
      ],
    ],
  }
}

function whyNone(judged: number, unknown: number): string {
  if (unknown === 0) return 'nothing meets the limits'
  return judged === 0
    ? 'not known: no trial told what the limits ask'
    : `none of ${wholeNumber(judged)} known meets the limits; ${wholeNumber(unknown)} not known`
}

/** The best deployment per request length, under the sweep file’s own limits and prices. */
export function recommendationTable(report: Report): Table {
  const { slo, priced, shapes, byShape, unanswered } = reportRecommendations(report)
  const columns = [
    'input (tokens)',
    'output (tokens)',
    'run',
    loadWords(report).label,
    'output tok/s per device',
    ...(priced ? ['USD per million output tokens'] : []),
    'meets the limits (probability)',
    'expected regret',
    'basis',
  ]
  const goal = priced ? 'the lowest price per token' : 'the most tokens per device'
  const left =
    byShape.length < shapes
      ? ` ${wholeNumber(byShape.length)} of ${wholeNumber(shapes)} request lengths.`
      : ''
  return {
    title: 'Recommendation',
    columns,
    numeric: new Set(priced ? [0, 1, 3, 4, 5, 6, 7] : [0, 1, 3, 4, 5, 6]),
    note:
      unanswered === undefined
        ? `For ${goal} under ${sloWords(slo)}.${left} Other limits, prices and loads: fmwork recommend.`
        : `Under ${sloWords(slo)} there is no answer: ${unanswered}.`,
    rows: byShape.map(({ shape, best, sheet, judged, unknown }) => {
      const lengths = [wholeNumber(shape.inputTokens), wholeNumber(shape.outputTokens)]
      if (best === undefined || sheet === undefined) {
        return [...lengths, whyNone(judged, unknown), ...columns.slice(3).map(() => '–')]
      }
      const { deployment, measured } = best.appraisal
      return [
        ...lengths,
        blockWords(deployment.block),
        wholeNumber(deployment.load),
        figure(sheet.tokensPerDevice.value),
        ...(priced ? [figure(sheet.usdPerMillionOutput?.value ?? NaN)] : []),
        chance(best.meetsProbability),
        percent(best.expectedRegret),
        measured ? 'measured' : 'estimated',
      ]
    }),
  }
}
