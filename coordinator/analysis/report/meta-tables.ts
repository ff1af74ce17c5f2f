import { biasRatio, harvestedWords, harvestNote } from '../../../shared/domain/harvest-words.js'
import { shiftWords } from '../../../shared/domain/level-change.js'
import { metricTable } from '../../../shared/domain/metric.js'
import { isAtMean, meanNodeNote } from '../../../shared/domain/node-level.js'
import type { Report } from './report.js'
import { accuracyWords } from './headline.js'
import type { Table } from './table.js'
import {
  deviceSeconds,
  deviceSecondsInterval,
  figure,
  percent,
  percentInterval,
  timesInterval,
  usdWords,
  wallTime,
  wholeNumber,
} from './units.js'

/** What is claimed of each metric. */
export function accuracyTable({ status }: Report): Table {
  const claim = (calibrated: boolean, words: string) => (calibrated ? words : 'not yet calibrated')
  return {
    title: 'Accuracy per metric',
    note: 'Relative to the truth over the full grid, 90 % intervals. Noise floor: mean relative error that the noise of single measurements alone causes.',
    columns: [
      'metric',
      'accuracy (%)',
      'within 5 % (share of configurations)',
      'p95 error (%)',
      'bias (%)',
      'noise floor (%)',
      'audits inside their 90 % interval',
      'basis',
    ],
    numeric: new Set([1, 2, 3, 4, 5, 6]),
    rows: status.accuracy.map((each) => [
      each.metric,
      accuracyWords(each),
      claim(each.calibrated, percentInterval(each.within5)),
      claim(each.calibrated, percentInterval(each.p95Error)),
      claim(each.calibrated, percentInterval(each.bias)),
      percent(each.noiseFloor),
      each.coverage === undefined ? '–' : percent(each.coverage),
      each.why,
    ]),
  }
}

/** How far what longer runs told is off; undefined where nothing was harvested. */
export function harvestTable({ status: { harvest } }: Report): Table | undefined {
  if (harvest === undefined) return undefined
  return {
    title: 'Told by longer runs',
    note: `A run in a static batch passes every shorter output on its way (strategy.harvest). ${harvestedWords(harvest)} told of without a run of their own: none counts as measured or as an audit. ${harvestNote(harvest)}.`,
    columns: ['metric', 'told against own run, 90 % interval', 'verdict'],
    numeric: new Set([1]),
    rows: harvest.biases.map(({ metric, bias, distrusted }) => [
      metric,
      shiftWords(biasRatio(bias)),
      distrusted ? 'biased, and too far: counts for nothing' : 'no bias proven that matters',
    ]),
  }
}

/** Agents against the mean of their class; undefined where no class had several. */
export function nodesTable({ status: { nodes } }: Report): Table | undefined {
  const note = meanNodeNote(nodes)
  if (note === undefined) return undefined
  return {
    title: 'Agents of one class',
    note: `${note.charAt(0).toUpperCase()}${note.slice(1)}.`,
    columns: ['agent', 'class', 'trials', 'metric', 'against the mean, 90 % interval', 'verdict'],
    numeric: new Set([2, 4]),
    rows: nodes.flatMap(({ agent, hardware, trials, ratios }) =>
      ratios.map(({ metric, ratio }) => [
        agent,
        hardware,
        wholeNumber(trials),
        metric,
        shiftWords(ratio),
        isAtMean(ratio) ? 'may be at the mean' : 'off the mean',
      ]),
    ),
  }
}

/** Where the seconds went, and what the full grid would take. */
export function spentTable({ status }: Report): Table {
  const { spent } = status
  const total = spent.setUp + spent.warmUp + spent.measured + spent.gaps
  const part = (label: string, seconds: number) => [
    label,
    wallTime(seconds),
    total > 0 ? `${percent(seconds / total)} of the parts` : '–',
  ]
  return {
    title: 'What it cost',
    note: 'Device-seconds are devices held times seconds held, failed and invalid trials and engine starts included.',
    columns: ['figure', 'value', 'remark'],
    numeric: new Set([1]),
    rows: [
      ['device time', deviceSeconds(spent.deviceSeconds), ''],
      part('set-up', spent.setUp),
      part('warm-up', spent.warmUp),
      part('measured', spent.measured),
      part('gaps', spent.gaps),
      ['makespan', wallTime(spent.makespan), 'first grant to last result'],
      ...(spent.energyJoules === undefined
        ? []
        : [['energy', `${figure(spent.energyJoules)} J`, '']]),
      ...(spent.costUsd === undefined ? [] : [['cost', usdWords(spent.costUsd), '']]),
      [
        'full grid forecast',
        deviceSecondsInterval(status.fullGridDeviceSeconds),
        `${wholeNumber(status.configurations)} configurations, 90 % interval`,
      ],
      ['gain', timesInterval(status.gain), 'full grid forecast / device time spent'],
    ],
  }
}

/** The claim beside the truth; undefined before `fmwork verify`. */
export function verificationTable({ status, verification }: Report): Table | undefined {
  if (verification === undefined) return undefined
  const { sampled, of, trueGain, referenceDeviceSeconds, sweepDeviceSeconds } = verification
  const claimed = (metric: string) =>
    status.accuracy.some((each) => each.metric === metric && each.calibrated)
  const whole = sampled === of ? 'the whole space' : `of ${wholeNumber(of)}, drawn at random`
  return {
    title: 'Verification: claimed against true',
    note: `${wholeNumber(sampled)} configurations (${whole}) measured as the reference, in ${deviceSeconds(referenceDeviceSeconds)}; the sweep took ${deviceSeconds(sweepDeviceSeconds)}. True gain over measuring the full grid: ${timesInterval(trueGain)}.`,
    columns: [
      'metric',
      'claimed accuracy (%)',
      'true accuracy (%)',
      'true within 5 %',
      'true p95 error (%)',
      'true bias (%)',
      'truth inside the claim',
    ],
    numeric: new Set([1, 2, 3, 4, 5]),
    rows: verification.metrics.map((each) => [
      each.metric,
      claimed(each.metric) ? percentInterval(each.claimedAccuracy) : 'not yet calibrated',
      percentInterval(each.trueAccuracy),
      percent(each.trueWithin5),
      percent(each.trueP95Error),
      percent(each.trueBias),
      claimed(each.metric) ? (each.insideClaim ? 'yes' : 'no') : 'no claim',
    ]),
  }
}

/** What the metrics of the sweep mean. */
export function definitionsTable({ sweep }: Report): Table {
  return {
    title: 'Definitions',
    note: '',
    columns: ['metric', 'unit', 'definition'],
    numeric: new Set(),
    rows: sweep.metrics.map((metric) => [
      metric,
      metricTable[metric].unit,
      metricTable[metric].definition,
    ]),
  }
}
