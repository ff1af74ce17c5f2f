import type { AgentStatus } from '../../../shared/domain/meta-metrics.js'
import type { SweepDesk } from '../../../shared/domain/sweep-desk.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { AgentHistory } from './agent-history.js'
import { toJson } from './answer.js'
import type { EventStream } from './event-stream.js'
import type { SweepListing } from './sweep-listing.js'

/** Seconds between two looks. */
const pace = 2

export type HouseTopic = 'agents' | 'sweeps'

export interface HouseTools {
  readonly desk: SweepDesk
  readonly listing: SweepListing
  readonly history: AgentHistory
  readonly clock: Clock
  readonly log: Log
}

/** News of all agents and all sweeps, worked out once for all who listen. */
export class HouseBroadcast {
  readonly #tools: HouseTools
  readonly #listeners = new Map<EventStream, ReadonlySet<HouseTopic>>()
  #running = false
  #lastAgents = new Map<string, string>()
  #lastSweeps = ''

  constructor(tools: HouseTools) {
    this.#tools = tools
  }

  async listen(
    stream: EventStream,
    topics: ReadonlySet<HouseTopic>,
    signal: AbortSignal,
  ): Promise<void> {
    const { history, listing } = this.#tools
    if (topics.has('agents')) stream.send('agents', await history.view())
    if (topics.has('sweeps')) stream.send('sweeps', await listing.page(0))
    if (signal.aborted || topics.size === 0) return
    this.#listeners.set(stream, topics)
    signal.addEventListener('abort', () => {
      this.#listeners.delete(stream)
    })
    if (!this.#running) {
      this.#running = true
      this.#later()
    }
  }

  #later(): void {
    this.#tools.clock.after(pace, () => {
      this.#look()
        .catch((error: unknown) => {
          this.#tools.log.warn({ err: error }, 'the dashboard’s news could not be told')
        })
        .finally(() => {
          if (this.#listeners.size > 0) this.#later()
          else this.#running = false
        })
    })
  }

  async #look(): Promise<void> {
    const wanted = new Set([...this.#listeners.values()].flatMap((topics) => [...topics]))
    if (wanted.has('agents')) {
      const changed = this.#changed(await this.#tools.desk.agents())
      // Also when nothing changed: a history goes on.
      this.#tell('agents', 'pulse', toJson(changed))
    }
    if (wanted.has('sweeps')) {
      const text = toJson(await this.#tools.listing.page(0))
      if (text !== this.#lastSweeps) this.#tell('sweeps', 'sweeps', text)
      this.#lastSweeps = text
    }
  }

  #changed(agents: readonly AgentStatus[]): AgentStatus[] {
    const texts = new Map(agents.map((agent) => [agent.agent, JSON.stringify(agent)]))
    const changed = agents.filter(({ agent }) => this.#lastAgents.get(agent) !== texts.get(agent))
    this.#lastAgents = texts
    return changed
  }

  #tell(topic: HouseTopic, name: 'pulse' | 'sweeps', text: string): void {
    for (const [stream, topics] of this.#listeners) {
      if (topics.has(topic)) stream.sendText(name, text)
    }
  }
}
