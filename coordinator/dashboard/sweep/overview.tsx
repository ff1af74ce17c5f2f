import type { JSX } from 'preact'
import type { StatusView, SweepView } from '../../service/http/api.js'
import { AccuracyTable } from './accuracy-table.js'
import { CostCurve } from './cost-curve.js'
import { Decision } from './decision.js'
import { Harvest } from './harvest.js'
import { Ledger } from './ledger.js'
import { Levels } from './levels.js'
import { NextTrials } from './next-trials.js'
import { Past } from './past.js'
import { Nodes } from './nodes.js'

/** Where are we, can I trust it, and what comes next. */
export function Overview({
  sweep,
  view,
  status,
}: {
  readonly sweep: string
  readonly view: SweepView
  readonly status: StatusView
}): JSX.Element {
  return (
    <>
      <Ledger status={status} view={view} />
      <Levels sweep={sweep} changes={status.changes} />
      <Decision decision={status.decision} spec={view.spec} />
      <AccuracyTable status={status} confidence={view.spec.goal.confidence} />
      <Nodes nodes={status.nodes} />
      <Harvest harvest={status.harvest} />
      <Past past={status.past} />
      <div class="columns">
        <CostCurve sweep={sweep} status={status} />
        <NextTrials sweep={sweep} status={status} />
      </div>
    </>
  )
}
