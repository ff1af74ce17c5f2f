import type { AgentStatus } from '../../../shared/domain/meta-metrics.js'
import type { Cancel, Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { AgentsView } from './api.js'

/** Seconds between two figures, and figures kept: two minutes. */
const step = 2
const kept = 60

interface Trace {
  readonly utilization: (number | null)[]
  readonly power: (number | null)[]
}

/** What agents were doing lately; nothing of it outlives the process. */
export class AgentHistory {
  readonly #agents: () => Promise<AgentStatus[]>
  readonly #clock: Clock
  readonly #log: Log
  readonly #traces = new Map<string, Trace>()
  #statuses: readonly AgentStatus[] = []
  #cancel: Cancel | undefined

  constructor(agents: () => Promise<AgentStatus[]>, clock: Clock, log: Log) {
    this.#agents = agents
    this.#clock = clock
    this.#log = log
  }

  start(): void {
    this.#cancel = this.#clock.after(step, () => {
      this.#look()
        .catch((error: unknown) => {
          this.#log.warn({ err: error }, 'agents could not be looked at')
        })
        .finally(() => {
          if (this.#cancel !== undefined) this.start()
        })
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  async view(): Promise<AgentsView> {
    this.#statuses = await this.#agents()
    return {
      step,
      agents: this.#statuses.map((status) => {
        const { utilization = [], power = [] } = this.#traces.get(status.agent) ?? {}
        return { ...status, utilization, power }
      }),
    }
  }

  async #look(): Promise<void> {
    this.#statuses = await this.#agents()
    for (const { agent, utilizationPercent, powerWatts } of this.#statuses) {
      const trace = this.#traces.get(agent) ?? { utilization: [], power: [] }
      this.#traces.set(agent, trace)
      push(trace.utilization, utilizationPercent)
      push(trace.power, powerWatts)
    }
  }
}

function push(trace: (number | null)[], value: number | undefined): void {
  trace.push(value ?? null)
  if (trace.length > kept) trace.shift()
}
