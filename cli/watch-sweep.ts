import { formatError } from '../shared/domain/errors.js'
import type { SweepStatus } from '../shared/domain/meta-metrics.js'
import { whyNoAgent } from './agent-need.js'
import type { CliContext } from './context.js'
import type { DeskSession } from './desk-session.js'
import type { LiveView } from './view/live-view.js'

export type WatchEnd =
  { readonly kind: 'ended'; readonly status: SweepStatus } | { readonly kind: 'interrupted' }

/**
 * Shows a sweep until `over` says that its status is final, or Ctrl-C. A first Ctrl-C ends the watch
 * in order; a second, while that takes its time, ends every process at once. A sweep that no agent can
 * serve is not waited for where the agents are this command’s own, and told of where others may come.
 *
 * @throws FmworkError NO_AGENT
 */
export async function watchSweep(
  context: CliContext,
  session: DeskSession,
  sweepId: string,
  view: LiveView,
  over: (status: SweepStatus) => boolean,
): Promise<WatchEnd> {
  const controller = new AbortController()
  let interrupts = 0
  const forget = context.onInterrupt(() => {
    interrupts += 1
    if (interrupts > 1) {
      session.kill()
      return
    }
    view.note(
      session.remote
        ? 'Leaving; the sweep goes on without this terminal.'
        : 'Stopping in order; everything measured so far is kept. Ctrl-C again ends at once.',
    )
    controller.abort()
  })
  let told: string | undefined
  const checkAgents = async ({ agents }: SweepStatus): Promise<void> => {
    const facts = agents.map(({ agent, hardware, connected, data }) => [
      agent,
      hardware,
      connected,
      data,
    ])
    if (told === JSON.stringify(facts)) return
    told = JSON.stringify(facts)
    const problem = whyNoAgent((await session.desk.get(sweepId)).text, agents)
    if (problem === undefined) return
    if (!session.remote) throw problem
    view.note(`waiting: ${formatError(problem)}`)
  }
  const follow = async (): Promise<WatchEnd> => {
    for await (const event of session.desk.watch(sweepId, true, controller.signal)) {
      view.show(event)
      if (event.kind !== 'status') continue
      if (over(event.status)) return { kind: 'ended', status: event.status }
      if (event.status.sweep.state !== 'PAUSED') await checkAgents(event.status)
    }
    return { kind: 'interrupted' }
  }
  try {
    return await Promise.race([follow(), session.broken])
  } catch (error) {
    if (controller.signal.aborted) return { kind: 'interrupted' }
    throw error
  } finally {
    controller.abort()
    view.close()
    if (interrupts === 0) forget()
  }
}

/** A sweep that measures no more. */
export const sweepIsOver = ({ sweep }: SweepStatus): boolean =>
  sweep.state === 'COMPLETED' || sweep.state === 'CANCELLED' || sweep.state === 'FAILED'
