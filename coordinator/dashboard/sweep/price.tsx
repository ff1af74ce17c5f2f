import type { JSX } from 'preact'
import type { PriceView } from '../../service/http/api.js'
import { dataFileWords, requestWords } from '../../analysis/report/data-words.js'
import { deviceSeconds, usdWords, wallTime, wholeNumber } from '../../analysis/report/units.js'
import { countWords } from '../parts/words.js'

/** `: budget 1.00 device-h, 2.50 USD`: what the button says it may cost; nothing where nothing limits it. */
export function priceLimit({ budgetDeviceSeconds: seconds, budgetUsd: usd }: PriceView): string {
  const limits = [
    ...(seconds === undefined ? [] : [deviceSeconds(seconds)]),
    ...(usd === undefined ? [] : [usdWords(usd)]),
  ]
  return limits.length === 0 ? '' : `: budget ${limits.join(', ')}`
}

function budgetLines(price: PriceView): string[] {
  const { budgetDeviceSeconds: seconds, budgetWallSeconds: wall, budgetTrials: trials } = price
  return [
    ...(seconds === undefined ? [] : [deviceSeconds(seconds)]),
    ...(wall === undefined ? [] : [`${wallTime(wall)} of wall time`]),
    ...(trials === undefined ? [] : [countWords(trials, 'trial')]),
  ]
}

type Bounds = PriceView['bounds']['fullGridDeviceSeconds']

/** `at most 2.00 device-h, 5.00 USD`. */
function boundWords({ low, high }: Bounds, usd?: Bounds): string {
  if (low === undefined) {
    return `at most ${deviceSeconds(high)}${usd === undefined ? '' : `, ${usdWords(usd.high)}`}`
  }
  const money = usd === undefined ? '' : `, at most ${usdWords(usd.high)}`
  return `${deviceSeconds(low)} to ${deviceSeconds(high)}${money}`
}

/** What can be said of a sweep’s price before it runs, and no more than that. */
export function Price({ price }: { readonly price: PriceView }): JSX.Element {
  const { fullGridDeviceSeconds: past, usdPerDeviceHour: usd, servedBy, bounds } = price
  const budget = budgetLines(price)
  const each = (all: number) => all / price.configurations
  return (
    <dl class="price">
      <dt>Space</dt>
      <dd>
        {countWords(price.configurations, 'configuration')},{' '}
        {countWords(price.blocks, 'engine start')}
      </dd>
      {bounds.data !== undefined && (
        <>
          <dt>Requests</dt>
          <dd>
            {requestWords(bounds.data)}
            <br />
            <span class="note">{dataFileWords(bounds.data)}</span>
          </dd>
        </>
      )}
      <dt>Full grid</dt>
      <dd>
        {bounds.data?.replayed === true ? (
          <>
            {boundWords(bounds.fullGridDeviceSeconds, bounds.fullGridUsd)}: a trial takes as long as
            its trace; engine starts come on top
          </>
        ) : past === undefined ? (
          <>
            {boundWords(bounds.fullGridDeviceSeconds, bounds.fullGridUsd)}: a trial takes{' '}
            {wallTime(price.trialSecondsAtMost)} at most; engine starts come on top. A forecast
            takes past trials of these engines on this hardware.
          </>
        ) : (
          <>
            about {deviceSeconds(past.value)}, engine starts left out, if trials cost what{' '}
            {wholeNumber(past.trials)} past trials of these engines on this hardware did, whatever
            their lengths: {deviceSeconds(each(past.value))} on average, the middle half of them{' '}
            {deviceSeconds(each(past.low))} to {deviceSeconds(each(past.high))}
          </>
        )}
      </dd>
      <dt>This sweep</dt>
      <dd>
        {boundWords(bounds.sweepDeviceSeconds, bounds.sweepUsd)}, engine starts not counted; it ends
        before where its goal allows
      </dd>
      {bounds.decision !== undefined && (
        <>
          <dt>Decision</dt>
          <dd>
            after the accuracy goal, {boundWords(bounds.decision.deviceSeconds)} of it:{' '}
            {bounds.decision.trialsAtMost} trials of every contender among{' '}
            {countWords(bounds.decision.configurations, 'configuration')}
          </dd>
        </>
      )}
      <dt>Budget</dt>
      <dd>
        {budget.length === 0
          ? 'none: it ends at its goal, at the noise floor, or when all is measured'
          : `ends it after ${budget.join(' or ')}`}
      </dd>
      <dt>Money</dt>
      <dd>
        {price.budgetUsd === undefined
          ? usd === undefined
            ? 'not known: the file gives this hardware no price (prices)'
            : 'not limited'
          : `the budget allows ${usdWords(price.budgetUsd)}`}
        {usd === undefined ? '' : `, at ${usdWords(usd)} per device-hour`}
      </dd>
      <dt>Agents</dt>
      <dd>
        {servedBy.length === 0
          ? 'none connected can serve it: it would wait'
          : `${countWords(servedBy.length, 'agent')} can serve it: ${servedBy.slice(0, 6).join(', ')}${servedBy.length > 6 ? ' …' : ''}`}
      </dd>
    </dl>
  )
}
