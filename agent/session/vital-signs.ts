import type { AgentActivity } from '../../shared/domain/meta-metrics.js'
import type { Pulse } from '../../shared/rpc/agent-link.js'
import type { HostPulse } from '../host/host.js'

export interface VitalSources {
  /** Milliseconds of event-loop delay since it was last asked. */
  readonly lag: () => number
  readonly host: () => HostPulse
}

/** What the agent is doing and how its devices fare: what a heartbeat says. */
export class VitalSigns {
  readonly #sources: VitalSources
  activity: AgentActivity = 'idle'

  constructor(sources: VitalSources) {
    this.#sources = sources
  }

  pulse(): Pulse {
    const { host, lag } = this.#sources
    return { ...host(), activity: this.activity, eventLoopLagMs: lag() }
  }
}
