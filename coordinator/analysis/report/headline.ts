import { harvestedWords, harvestNote } from '../../../shared/domain/harvest-words.js'
import { changeNote, changeWords } from '../../../shared/domain/level-change.js'
import { isAtMean, meanNodeNote, nodeLine } from '../../../shared/domain/node-level.js'
import type { MetricAccuracy } from '../../../shared/domain/meta-metrics.js'
import { pastNote, pastWords } from '../../../shared/domain/past-words.js'
import { alternativeWords, regretWords } from './decision-words.js'
import type { Report } from './report.js'
import {
  chance,
  deviceSeconds,
  deviceSecondsInterval,
  noiseFloorWords,
  percent,
  percentInterval,
  timesInterval,
  wallTime,
  wholeNumber,
} from './units.js'

/** One line that a reader takes home. */
export interface Fact {
  readonly label: string
  readonly value: string
  readonly note: string
}

/** The accuracy claim with its interval; below the audits that a claim needs there is no figure. */
export const accuracyWords = ({ calibrated, accuracy }: MetricAccuracy): string =>
  calibrated && Number.isFinite(accuracy.value) ? percentInterval(accuracy) : 'not yet calibrated'

function accuracyFact(each: MetricAccuracy): Fact {
  return {
    label: `Accuracy of ${each.metric}`,
    value: accuracyWords(each),
    note: `${each.why}; ${noiseFloorWords(each.noiseFloor)}`,
  }
}

function gainFact({ status }: Report): Fact {
  const known = Number.isFinite(status.gain.value)
  return {
    label: 'Gain',
    value: known ? timesInterval(status.gain) : 'not yet known',
    note: known
      ? `reference: every one of the ${wholeNumber(status.configurations)} configurations measured once (forecast ${deviceSecondsInterval(status.fullGridDeviceSeconds)})`
      : 'the cost of the full grid, its reference, is not known yet',
  }
}

/** What the sweep found, cost and saved, and why it ended. */
export function headlineOf(report: Report): Fact[] {
  const { status } = report
  return [
    ...(status.accuracy.length === 0
      ? [{ label: 'Accuracy', value: 'not yet calibrated', note: 'nothing is claimed yet' }]
      : status.accuracy.map(accuracyFact)),
    gainFact(report),
    ...decisionFacts(status),
    ...changeFacts(status),
    ...nodeFacts(status),
    ...harvestFacts(status),
    ...pastFacts(status),
    {
      label: 'Measured',
      value: `${wholeNumber(status.measured)} of ${wholeNumber(status.configurations)} configurations`,
      note: `${wholeNumber(status.audits)} audits, ${wholeNumber(status.infeasible)} infeasible, ${wholeNumber(status.failed)} failed, ${wholeNumber(status.invalid)} invalid trials`,
    },
    {
      label: 'Spent',
      value: deviceSeconds(status.spent.deviceSeconds),
      note: `makespan ${wallTime(status.spent.makespan)}`,
    },
    {
      label: 'State and stop reason',
      value: status.sweep.state.toLowerCase(),
      note: stopReason(report),
    },
  ]
}

/** Only where the goal names one. */
function decisionFacts({ decision }: Report['status']): Fact[] {
  if (decision === undefined) return []
  const { chosen = 'nothing meets the limits', probability, wanted, challenger } = decision
  const alternative = alternativeWords(decision)
  const regret = regretWords(decision)
  const loses = regret === undefined ? '' : `; ${regret}`
  const rival = challenger === undefined ? '' : `; likeliest to be better: ${challenger}`
  const other = alternative === undefined ? '' : `; alternative at the limit: ${alternative}`
  return [
    {
      label: 'Decision',
      value: chosen,
      note: `right with ${chance(probability)}, wanted ${percent(wanted)}${loses}${rival}${other}`,
    },
  ]
}

/** Only where several agents of one class measured. */
function nodeFacts({ nodes }: Report['status']): Fact[] {
  const note = meanNodeNote(nodes)
  if (note === undefined) return []
  const off = nodes.filter(({ ratios }) => ratios.some(({ ratio }) => !isAtMean(ratio)))
  const value = off.length === 0 ? 'none is seen to be off the mean' : off.map(nodeLine).join('; ')
  return [{ label: 'Agents of one class', value, note }]
}

/** Only where a level was seen to step. */
function changeFacts({ changes }: Report['status']): Fact[] {
  return changes.map((change) => ({
    label: 'Level changed',
    value: changeWords(change),
    note: changeNote(change),
  }))
}

/** Only where longer runs told of shorter ones. */
function harvestFacts({ harvest }: Report['status']): Fact[] {
  if (harvest === undefined) return []
  return [
    {
      label: 'Told by longer runs',
      value: harvest.trusted ? harvestedWords(harvest) : 'not trusted',
      note: harvestNote(harvest),
    },
  ]
}

/** Only where it started from what others measured. */
function pastFacts({ past }: Report['status']): Fact[] {
  return past === undefined
    ? []
    : [{ label: 'Started from', value: pastWords(past), note: pastNote(past) }]
}

function stopReason({ status }: Report): string {
  const goal = `goal ${percent(status.goalAccuracy)} accuracy ${status.goalReached ? 'reached' : 'not reached'}`
  return status.sweep.reason === '' ? goal : `${status.sweep.reason}; ${goal}`
}
