import { alternativeWords, regretWords } from '../../coordinator/analysis/report/decision-words.js'
import { isDecided } from '../../shared/domain/decided.js'
import { harvestedWords, harvestNote } from '../../shared/domain/harvest-words.js'
import { pastMetricWords, pastWords } from '../../shared/domain/past-words.js'
import { changeNote, changeWords } from '../../shared/domain/level-change.js'
import { isAtMean, meanNodeNote, nodeLine } from '../../shared/domain/node-level.js'
import type { AgentStatus, MetricAccuracy, SweepStatus } from '../../shared/domain/meta-metrics.js'
import type { TrialRecord } from '../../shared/domain/sweep-desk.js'
import {
  byteCount,
  chance,
  deviceSeconds,
  deviceSecondsInterval,
  noiseFloorWords,
  percent,
  percentInterval,
  times,
  timesInterval,
  usdWords,
  wallTime,
  wholeNumber,
} from '../../coordinator/analysis/report/units.js'
import type { Paint, Tone } from './colour.js'
import { bar, counted, fit, spread, table, wrap } from './line.js'
import { progressOf } from './progress.js'
import { trialLine } from './trial-line.js'

export interface RenderOptions {
  /** Columns; no line is longer. */
  readonly width: number
  readonly paint: Paint
  /** The latest trials, oldest first. */
  readonly trials?: readonly TrialRecord[]
}

const stateTones = {
  RUNNING: 'accent',
  PAUSED: 'warn',
  COMPLETED: 'good',
  CANCELLED: 'warn',
  FAILED: 'bad',
} as const satisfies Record<SweepStatus['sweep']['state'], Tone>

/** Where what does not fit into a line goes on. */
const detailsAt = 4

/** The live picture of a sweep: what it cost, what it knows, who works on it. */
export function renderStatus(status: SweepStatus, options: RenderOptions): string[] {
  const lines = [
    ...headLines(status, options),
    '',
    ...costLines(status, options),
    '',
    ...accuracyLines(status, options),
    ...decisionLines(status, options),
    ...changeLines(status, options),
    ...nodeLines(status, options),
    ...harvestLines(status, options),
    ...pastLines(status, options),
    ...agentLines(status, options),
    ...lastTrialLines(options),
  ]
  return lines
    .flatMap((line) => wrap(line, options.width, detailsAt))
    .map((line) => fit(line, options.width))
}

function headLines(status: SweepStatus, { width, paint }: RenderOptions): string[] {
  const { sweep, etaSeconds } = status
  const progress = progressOf(status)
  const running = sweep.state === 'RUNNING'
  const eta = running
    ? etaSeconds === undefined
      ? 'time left not known yet'
      : `about ${wallTime(etaSeconds)} left`
    : sweep.reason
  const title = `${paint('strong', sweep.name)}  ${paint(stateTones[sweep.state], sweep.state)}`
  const barWidth = Math.max(10, Math.min(40, width - 30))
  const share = `${Math.floor(progress.share * 100)} %`
  return [
    spread(title, paint('dim', eta), width),
    `${paint(progress.share >= 1 ? 'good' : 'accent', bar(progress.share, barWidth))} ${share} of the way to ${percent(status.goalAccuracy)} accuracy`,
    paint('dim', progress.meaning),
  ]
}

const gainReference = ({ configurations, fullGridDeviceSeconds }: SweepStatus): string =>
  fullGridDeviceSeconds.low === fullGridDeviceSeconds.high
    ? `against measuring all ${wholeNumber(configurations)} configurations once`
    : `against measuring all ${wholeNumber(configurations)} configurations once, forecast`

/** The counts of a sweep’s trials in one line; what never happened is not mentioned. */
function trialCounts(status: SweepStatus): string {
  const rare = [
    [status.infeasible, 'infeasible'],
    [status.invalid, 'invalid'],
    [status.failed, 'failed'],
  ] as const
  return [
    `${wholeNumber(status.measured)} measured (${counted(status.audits, 'audit')})`,
    `${wholeNumber(status.pending)} pending`,
    ...rare.map(([count, what]) => `${wholeNumber(count)} ${what}`),
    `of ${wholeNumber(status.configurations)} configurations`,
  ].join(' · ')
}

function spentText({ spent }: SweepStatus): string {
  const money = spent.costUsd === undefined ? '' : `, ${usdWords(spent.costUsd)}`
  const energy = spent.energyJoules === undefined ? '' : `, ${wholeNumber(spent.energyJoules)} J`
  const parts = [
    ['set-up', spent.setUp],
    ['warm-up', spent.warmUp],
    ['measured', spent.measured],
    ['gaps', spent.gaps],
  ] as const
  const split = parts.map(([what, seconds]) => `${what} ${wallTime(seconds)}`).join(', ')
  return `${deviceSeconds(spent.deviceSeconds)}${money}${energy} (${split})`
}

/** Where the figures start, after the longest label and its gap. */
const figuresAt = 'gain so far'.length + 2

function costLines(status: SweepStatus, { paint, width }: RenderOptions): string[] {
  const label = (text: string) => paint('dim', text)
  const known = Number.isFinite(status.fullGridDeviceSeconds.value)
  const rows = table([
    [label('trials'), trialCounts(status)],
    [label('spent'), spentText(status)],
    [
      label('full grid'),
      known
        ? `${deviceSecondsInterval(status.fullGridDeviceSeconds)}, forecast`
        : 'not known before the third measurement',
    ],
    [
      label('gain so far'),
      known
        ? `${timesInterval(status.gain)} ${gainReference(status)}`
        : 'not known before the third measurement',
    ],
    ...verifyRow(status, label),
  ])
  return rows.flatMap((row) => wrap(row, width, figuresAt))
}

function verifyRow(status: SweepStatus, label: (text: string) => string): string[][] {
  const { verifyOrdered, verifyMeasured } = status
  if (verifyOrdered === 0) return []
  return [
    [
      label('reference'),
      `${wholeNumber(verifyMeasured)} of ${wholeNumber(verifyOrdered)} configurations measured to verify the claim`,
    ],
  ]
}

function accuracyRow(accuracy: MetricAccuracy, goal: number, paint: Paint): string[] {
  const floor = noiseFloorWords(accuracy.noiseFloor)
  if (!accuracy.calibrated) {
    return [
      `  ${accuracy.metric}`,
      paint('warn', `not yet calibrated (${accuracy.why})`),
      '',
      paint('dim', floor),
    ]
  }
  const tone: Tone = accuracy.accuracy.value >= goal ? 'good' : 'warn'
  return [
    `  ${accuracy.metric}`,
    paint(tone, percentInterval(accuracy.accuracy)),
    `${percent(accuracy.within5.value)} within 5 %`,
    paint('dim', `${floor}; ${accuracy.why}`),
  ]
}

function accuracyLines(status: SweepStatus, { paint }: RenderOptions): string[] {
  const title = `accuracy over all ${wholeNumber(status.configurations)} configurations`
  if (status.accuracy.length === 0) return [paint('dim', `${title}: not known yet`)]
  const rows = status.accuracy.map((accuracy) => accuracyRow(accuracy, status.goalAccuracy, paint))
  return [paint('dim', title), ...table(rows)]
}

/** Only where the goal names a decision and there is a choice. */
function decisionLines({ decision }: SweepStatus, { paint }: RenderOptions): string[] {
  if (decision === undefined) return []
  const { chosen = 'nothing meets the limits', probability, wanted, challenger } = decision
  const other = alternativeWords(decision) ?? challenger
  const tone: Tone = isDecided(decision) ? 'good' : 'warn'
  const regret = regretWords(decision)
  const sure = `${chance(probability)} sure, wanted ${percent(wanted)}`
  return [
    '',
    paint('dim', 'decision'),
    `  ${chosen}  ${paint(tone, sure)}`,
    ...(regret === undefined ? [] : [paint('dim', `  ${regret}`)]),
    ...(other === undefined ? [] : [paint('dim', `  or ${other}`)]),
  ]
}

/** Only where a level was seen to step: which trials are suspect, and why. */
function changeLines({ changes }: SweepStatus, { paint }: RenderOptions): string[] {
  if (changes.length === 0) return []
  return [
    '',
    paint('dim', 'levels that changed'),
    ...changes.flatMap((change) => [
      `  ${paint('warn', changeWords(change))}`,
      paint('dim', `  ${changeNote(change)}`),
    ]),
  ]
}

/** Only where several agents of one class measured: who is off their mean, and whose the surface is. */
function nodeLines({ nodes }: SweepStatus, { paint }: RenderOptions): string[] {
  const note = meanNodeNote(nodes)
  if (note === undefined) return []
  const off = nodes.filter(({ ratios }) => ratios.some(({ ratio }) => !isAtMean(ratio)))
  return [
    '',
    paint('dim', 'agents of one class'),
    ...(off.length === 0
      ? ['  none is seen to be off the mean']
      : off.map((node) => `  ${nodeLine(node)}`)),
    paint('dim', `  ${note}`),
  ]
}

/** Only where longer runs told of shorter ones: of how many, and whether that may be believed. */
function harvestLines({ harvest }: SweepStatus, { paint }: RenderOptions): string[] {
  if (harvest === undefined) return []
  return [
    '',
    paint('dim', 'told by longer runs'),
    `  ${harvest.trusted ? harvestedWords(harvest) : paint('warn', 'not trusted')}`,
    paint('dim', `  ${harvestNote(harvest)}`),
  ]
}

/** Only where it started from what others measured: from what, and whether that helps. */
function pastLines({ past }: SweepStatus, { paint }: RenderOptions): string[] {
  if (past === undefined) return []
  return [
    '',
    paint('dim', 'started from'),
    `  ${pastWords(past)}`,
    ...past.metrics.map((each) => paint('dim', `  ${pastMetricWords(each)}`)),
  ]
}

function agentRow(agent: AgentStatus, paint: Paint): string[] {
  const activity = agent.connected ? agent.activity.replaceAll('_', ' ') : 'not connected'
  const tone: Tone = !agent.connected ? 'bad' : agent.activity === 'measuring' ? 'good' : 'dim'
  const { utilizationPercent, memoryBytes, powerWatts } = agent
  return [
    `  ${agent.agent}`,
    agent.hardware,
    paint(tone, activity),
    utilizationPercent === undefined ? '' : `${Math.round(utilizationPercent)} % busy`,
    [
      memoryBytes === undefined ? '' : byteCount(memoryBytes),
      powerWatts === undefined ? '' : `${Math.round(powerWatts)} W`,
    ]
      .filter((text) => text !== '')
      .join(', '),
  ]
}

function agentLines(status: SweepStatus, { paint }: RenderOptions): string[] {
  const { agents } = status
  if (agents.length === 0) {
    return status.sweep.state === 'RUNNING' ? ['', paint('warn', 'no agent has connected yet')] : []
  }
  return ['', paint('dim', 'agents'), ...table(agents.map((agent) => agentRow(agent, paint)))]
}

function lastTrialLines({ trials = [], paint }: RenderOptions): string[] {
  if (trials.length === 0) return []
  return ['', paint('dim', 'last trials'), ...trials.map((trial) => `  ${trialLine(trial, paint)}`)]
}

/** One line that says how a sweep stands, for lists and logs. */
export function statusLine(status: SweepStatus): string {
  const accuracy = status.accuracy.map((metric) =>
    metric.calibrated
      ? `${metric.metric} ${percentInterval(metric.accuracy)}`
      : `${metric.metric} not yet calibrated (${metric.why})`,
  )
  const gain = Number.isFinite(status.gain.value)
    ? ` · gain ${times(status.gain.value)} ${gainReference(status)}`
    : ''
  const left = status.etaSeconds === undefined ? '' : ` · about ${wallTime(status.etaSeconds)} left`
  const alone = status.sweep.state === 'RUNNING' && !status.agents.some((each) => each.connected)
  return [
    `${trialCounts(status)} · ${deviceSeconds(status.spent.deviceSeconds)} spent${gain}${left}${alone ? ' · no agent is connected' : ''}`,
    ...(accuracy.length === 0 ? [] : [`accuracy ${accuracy.join(', ')}`]),
    ...(status.decision === undefined
      ? []
      : [
          `decision ${status.decision.chosen ?? 'nothing meets the limits'}, ${chance(status.decision.probability)} sure`,
        ]),
    ...status.changes.map((change) => `LEVEL CHANGED ${changeWords(change)}`),
  ].join(' · ')
}
