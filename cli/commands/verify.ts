import { FmworkError } from '../../shared/domain/errors.js'
import type { SweepDesk, Verification, VerifiedMetric } from '../../shared/domain/sweep-desk.js'
import {
  deviceSeconds,
  percent,
  percentInterval,
  timesInterval,
  wholeNumber,
} from '../../coordinator/analysis/report/units.js'
import type { CliContext } from '../context.js'
import { tellDashboard } from '../dashboard.js'
import { deskFlags, leave } from '../outcome.js'
import { createOutput } from '../output.js'
import { table } from '../view/line.js'
import { chooseView } from '../view/live-view.js'
import { watchSweep } from '../watch-sweep.js'
import { openForSweep } from './resume.js'
import type { Wanted } from './resume.js'
import type { ResumeOptions } from './resume.js'

export interface VerifyOptions extends ResumeOptions {
  readonly sample?: number
  readonly seed: number
}

/** What is measured of the reference so far; undefined when nothing is. */
async function verificationSoFar(
  desk: SweepDesk,
  sweepId: string,
): Promise<Verification | undefined> {
  for await (const part of desk.export(sweepId, new AbortController().signal)) {
    if (part.kind === 'verification') return part.verification
  }
  return undefined
}

/** Too few audits claim nothing, and what was not claimed cannot be refuted. */
const wasClaimed = ({ claimedAccuracy }: VerifiedMetric): boolean =>
  Number.isFinite(claimedAccuracy.value)

function verdict(metric: VerifiedMetric): string {
  if (!wasClaimed(metric)) return 'nothing was claimed: too few audits'
  if (metric.insideClaim) return 'inside the claim'
  const { claimedAccuracy: claimed, trueAccuracy: sampled } = metric
  const apart = sampled.high < claimed.low || claimed.high < sampled.low
  return apart ? 'OUTSIDE the claim' : 'OUTSIDE the claim, by less than the sample can tell'
}

/** The claim beside the truth, as the paper states such results. */
export function verificationText(verification: Verification): string[] {
  const { sampled, of, metrics, sweepDeviceSeconds, referenceDeviceSeconds, trueGain } =
    verification
  const reference =
    sampled === of
      ? `all ${wholeNumber(of)} configurations`
      : `${wholeNumber(sampled)} of ${wholeNumber(of)} configurations, drawn uniformly at random`
  return [
    `Reference: ${reference}, measured anew (${deviceSeconds(referenceDeviceSeconds)}).`,
    ...table([
      ['metric', 'claimed accuracy', 'true accuracy', 'within 5 %', 'p95 error', 'bias', ''],
      ...metrics.map((each) => [
        each.metric,
        percentInterval(each.claimedAccuracy),
        percentInterval(each.trueAccuracy),
        percent(each.trueWithin5),
        percent(each.trueP95Error),
        percent(each.trueBias),
        verdict(each),
      ]),
    ]),
    `Gain: ${timesInterval(trueGain)} against measuring every configuration once (the sweep spent ${deviceSeconds(sweepDeviceSeconds)}).`,
  ]
}

/** `fmwork verify SWEEP`: measures the reference and holds the sweep’s claim against it. */
export async function verifyCommand(
  context: CliContext,
  named: string | undefined,
  options: VerifyOptions,
): Promise<number> {
  const output = createOutput(context, options.json)
  const completed: Wanted = {
    accepts: ({ state }) => state === 'COMPLETED',
    missing: 'no sweep here is complete, so there is no claim to verify',
  }
  const { session, sweep } = await openForSweep(context, options, named, completed, output.note)
  try {
    const remaining = await session.desk.verify(sweep.sweepId, options.sample, options.seed)
    if (remaining > 0) {
      await tellDashboard(context, session, options, output.note)
      output.note(`Measuring ${remaining} configurations of the reference.`)
      const view = chooseView(context, output)
      const end = await watchSweep(
        context,
        session,
        sweep.sweepId,
        view,
        ({ verifyOrdered, verifyMeasured }) => verifyMeasured >= verifyOrdered,
      )
      if (end.kind === 'interrupted') {
        const soFar = await verificationSoFar(session.desk, sweep.sweepId)
        if (soFar !== undefined) {
          output.note(['What is measured so far says:', ...verificationText(soFar)].join('\n'))
        }
        const flags = deskFlags(options)
        const sample = options.sample === undefined ? '' : ` --sample ${options.sample}`
        const again = `fmwork verify ${sweep.name}${sample} --seed ${options.seed} ${flags}`
        return leave(output, session, { again, watch: again })
      }
    }
    const verification = await verificationSoFar(session.desk, sweep.sweepId)
    if (verification === undefined) {
      throw new FmworkError('SWEEP_STATE', 'no configuration of the reference could be measured')
    }
    output.result(
      { event: 'verification', ...verification },
      verificationText(verification).join('\n'),
    )
    const refuted = verification.metrics.filter((each) => wasClaimed(each) && !each.insideClaim)
    if (refuted.length > 0) {
      throw new FmworkError(
        'CLAIM_REFUTED',
        `the true accuracy of ${refuted.map(({ metric }) => metric).join(', ')} is outside the claimed interval`,
      )
    }
    return 0
  } finally {
    await session.close()
  }
}
