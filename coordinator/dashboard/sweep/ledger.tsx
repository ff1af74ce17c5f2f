import type { JSX } from 'preact'
import type { StatusView, SweepView } from '../../service/http/api.js'
import {
  deviceSeconds,
  deviceSecondsInterval,
  percent,
  times,
  timesInterval,
  usdWords,
  wallTime,
  wholeNumber,
} from '../../analysis/report/units.js'
import { Figure } from '../parts/small.js'
import { countWords, energyWords } from '../parts/words.js'

const bounds = (words: string): string | undefined => /\(.*\)$/.exec(words)?.[0]

const unknownYet = 'not known before the third measurement'

/** What the benchmarking cost, what it saved, and when it ends. */
export function Ledger({
  status,
  view,
}: {
  readonly status: StatusView
  readonly view: SweepView
}): JSX.Element {
  const { spent, gain, fullGridDeviceSeconds: grid, sweep } = status
  const money = spent.costUsd === undefined ? '' : `${usdWords(spent.costUsd)}, `
  const energy = spent.energyJoules === undefined ? '' : `${energyWords(spent.energyJoules)}, `
  const running = sweep.state === 'RUNNING'
  return (
    <dl class="ledger" aria-label="Meta-metrics">
      <Figure
        label="Spent"
        value={deviceSeconds(spent.deviceSeconds)}
        note={`${money}${energy}${wallTime(spent.makespan)} from first to last`}
      >
        <SpentBar status={status} />
      </Figure>
      <Figure
        label="Full grid, forecast"
        value={deviceSeconds(grid.value)}
        note={bounds(deviceSecondsInterval(grid)) ?? unknownYet}
      />
      <Figure
        label="Gain"
        value={times(gain.value)}
        note={
          bounds(timesInterval(gain)) === undefined
            ? unknownYet
            : `${bounds(timesInterval(gain)) ?? ''} against every configuration once`
        }
      />
      <Figure
        label="Measured"
        value={wholeNumber(status.measured)}
        note={`of ${countWords(status.configurations, 'configuration')}; ${countWords(status.audits, 'audit')}, ${wholeNumber(status.infeasible)} infeasible, ${wholeNumber(status.invalid)} invalid, ${wholeNumber(status.failed)} failed${harvestWords(status)}`}
      />
      <Figure
        label={running ? 'Time to the goal' : 'End'}
        value={
          running
            ? status.etaSeconds === undefined
              ? '–'
              : wallTime(status.etaSeconds)
            : sweep.state.toLowerCase()
        }
        note={`goal: ${percent(view.spec.goal.accuracy)} accuracy${decisionWords(view)}${budgetWords(view)}`}
      />
    </dl>
  )
}

const harvestWords = ({ harvest }: StatusView): string =>
  harvest?.trusted === true && harvest.harvested > 0
    ? `; longer runs told of ${wholeNumber(harvest.harvested)} more`
    : ''

const decisionWords = ({ spec: { goal } }: SweepView): string =>
  goal.decision === undefined ? '' : ' and a sure decision'

function budgetWords({ spec }: SweepView): string {
  const { device_hours: hours, cost_usd: usd, trials, wall_time: wall } = spec.budget
  const limits = [
    ...(hours === undefined ? [] : [`${hours} device-h`]),
    ...(usd === undefined ? [] : [usdWords(usd)]),
    ...(trials === undefined ? [] : [countWords(trials, 'trial')]),
    ...(wall === undefined ? [] : [wallTime(wall)]),
  ]
  return limits.length === 0 ? '; no budget' : `; budget ${limits.join(', ')}`
}

const parts = [
  ['setUp', 'set-up'],
  ['warmUp', 'warm-up'],
  ['measured', 'measuring'],
  ['gaps', 'gaps'],
] as const

/** Where the wall seconds of the trials went. */
function SpentBar({ status: { spent } }: { readonly status: StatusView }): JSX.Element | null {
  const total = parts.reduce((sum, [key]) => sum + spent[key], 0)
  if (!(total > 0)) return null
  const words = parts.map(([key, label]) => `${label} ${wallTime(spent[key])}`).join(', ')
  return (
    <span class="parts" role="img" aria-label={words} title={words}>
      {parts.map(([key]) => (
        <i key={key} class={key} style={{ flexGrow: String(spent[key] / total) }} />
      ))}
    </span>
  )
}
