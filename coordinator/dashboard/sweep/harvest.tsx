import type { JSX } from 'preact'
import { biasRatio, harvestedWords } from '../../../shared/domain/harvest-words.js'
import type { HarvestStatus } from '../../../shared/domain/meta-metrics.js'
import { countWords, metricWords } from '../parts/words.js'
import { ReachHead, reachOf, ShiftCells } from './shift-bar.js'

/** What longer runs told of shorter outputs, and whether that may be believed; nothing where nothing was. */
export function Harvest({
  harvest,
}: {
  readonly harvest: HarvestStatus | undefined
}): JSX.Element | null {
  if (harvest === undefined) return null
  const { checks, trusted, biases } = harvest
  const reach = reachOf(biases.map(({ bias }) => biasRatio(bias)))
  return (
    <section class="harvest">
      <h2>Told by longer runs</h2>
      <p>
        {trusted ? (
          <>
            <strong>{harvestedWords(harvest)}</strong> known without a run of their own.
          </>
        ) : (
          <>
            <strong>Counts for nothing any more</strong>: longer runs tell something else of{' '}
            {harvestedWords(harvest)} than runs of that length would.
          </>
        )}
      </p>
      <p class="note">
        A run in a static batch passes every shorter output on its way (strategy.harvest). None of
        these counts as measured or as an audit. {countWords(checks, 'check')} so far: audits of
        configurations that a longer run had told of.
      </p>
      {biases.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Bias of what longer runs told">
          <table>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">Told against own run</th>
                <ReachHead reach={reach} />
                <th scope="col">Verdict</th>
              </tr>
            </thead>
            <tbody>
              {biases.map(({ metric, bias, distrusted }) => (
                <tr key={metric}>
                  <th scope="row">{metricWords(metric)}</th>
                  <ShiftCells ratio={biasRatio(bias)} reach={reach} />
                  <td class={distrusted ? 'distrusted' : ''}>
                    {distrusted ? 'biased, and too far' : 'no bias proven that matters'}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
