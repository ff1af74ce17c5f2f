import type { AgentActivity } from '../../shared/domain/meta-metrics.js'
import type { Pulse } from '../../shared/rpc/agent-link.js'
import type { HostPulse } from '../host/host.js'

export interface VitalSources {
  /** Milliseconds of event-loop delay since it was last asked. */
  readonly lag: () => number
  readonly host: () => HostPulse
}

/** What one block of an agent is doing. */
export interface BlockSigns {
  activity: AgentActivity
}

/** Of several blocks at once, what the agent is said to be doing: the first that one of them does. */
const mostTelling: readonly AgentActivity[] = [
  'measuring',
  'warming_up',
  'starting_engine',
  'waiting_for_quiet',
  'draining',
]

/** What the agent is doing and how its devices fare: what a heartbeat says. */
export class VitalSigns {
  readonly #sources: VitalSources
  readonly #blocks: BlockSigns[] = []

  constructor(sources: VitalSources) {
    this.#sources = sources
  }

  /** The signs of one more block. */
  block(): BlockSigns {
    const signs: BlockSigns = { activity: 'idle' }
    this.#blocks.push(signs)
    return signs
  }

  get activity(): AgentActivity {
    const now = new Set(this.#blocks.map(({ activity }) => activity))
    return mostTelling.find((activity) => now.has(activity)) ?? 'idle'
  }

  pulse(): Pulse {
    const { host, lag } = this.#sources
    return { ...host(), activity: this.activity, eventLoopLagMs: lag() }
  }
}
