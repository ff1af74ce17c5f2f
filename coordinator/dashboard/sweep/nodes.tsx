import type { JSX } from 'preact'
import { isAtMean, meanNodeNote } from '../../../shared/domain/node-level.js'
import type { NodeLevel } from '../../../shared/domain/meta-metrics.js'
import { countWords, metricWords } from '../parts/words.js'
import { ReachHead, reachOf, ShiftCells } from './shift-bar.js'

/** Agents against the mean of their hardware class; nothing where no class was measured by several. */
export function Nodes({ nodes }: { readonly nodes: readonly NodeLevel[] }): JSX.Element | null {
  const note = meanNodeNote(nodes)
  if (note === undefined) return null
  const reach = reachOf(nodes.flatMap(({ ratios }) => ratios.map(({ ratio }) => ratio)))
  return (
    <section class="levels">
      <h2>Agents of one class</h2>
      <p class="note">
        {note.charAt(0).toUpperCase()}
        {note.slice(1)}.
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Agents against their mean">
        <table>
          <thead>
            <tr>
              <th scope="col">Agent</th>
              <th scope="col">Measured</th>
              <th scope="col">Metric</th>
              <th scope="col">Against the mean</th>
              <ReachHead reach={reach} />
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          {nodes.map((node) => (
            <Node key={`${node.hardware} ${node.agent}`} node={node} reach={reach} />
          ))}
        </table>
      </div>
    </section>
  )
}

function Node({
  node: { agent, hardware, trials, ratios },
  reach,
}: {
  readonly node: NodeLevel
  readonly reach: number
}): JSX.Element {
  return (
    <tbody>
      {ratios.map(({ metric, ratio }, row) => (
        <tr key={metric}>
          {row === 0 && (
            <>
              <th scope="rowgroup" rowSpan={ratios.length}>
                {agent}
              </th>
              <td rowSpan={ratios.length}>
                {countWords(trials, 'trial')} on {hardware}
              </td>
            </>
          )}
          <td>{metricWords(metric)}</td>
          <ShiftCells ratio={ratio} reach={reach} />
          <td class="figures">{isAtMean(ratio) ? 'may be at the mean' : 'off the mean'}</td>
        </tr>
      ))}
    </tbody>
  )
}
