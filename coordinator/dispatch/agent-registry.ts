import type { AgentFacts, AgentLine, AgentPulse } from '../../shared/domain/agent-desk.js'
import type { AgentStatus } from '../../shared/domain/meta-metrics.js'

interface KnownAgent {
  facts: AgentFacts
  sessionId: string
  /** Undefined while it is away. */
  line: AgentLine | undefined
  pulse: AgentPulse | undefined
  /** Trials it runs now, oldest first. */
  readonly trials: Set<string>
}

/** Agents that connected since this coordinator started, and how they are. Nothing here outlives it. */
export class AgentRegistry {
  readonly #agents = new Map<string, KnownAgent>()
  #sessions = 0
  /** What allConnected says, until somebody comes or goes. */
  #connected: readonly AgentFacts[] | undefined

  /** A second session under one name replaces the first. */
  connect(facts: AgentFacts, line: AgentLine): string {
    this.#sessions += 1
    this.#connected = undefined
    const sessionId = `session-${this.#sessions}`
    this.#agents.set(facts.agent, {
      facts,
      sessionId,
      line,
      pulse: undefined,
      trials: this.#agents.get(facts.agent)?.trials ?? new Set(),
    })
    return sessionId
  }

  /** False for a session that another has replaced. */
  disconnect(agent: string, sessionId: string): boolean {
    const known = this.#agents.get(agent)
    if (known?.sessionId !== sessionId) return false
    this.#connected = undefined
    known.line = undefined
    known.pulse = undefined
    return true
  }

  pulse(agent: string, pulse: AgentPulse): void {
    const known = this.#agents.get(agent)
    if (known?.line !== undefined) known.pulse = pulse
  }

  /** The agent runs this trial now, for people. */
  runs(agent: string, trialId: string): void {
    this.#agents.get(agent)?.trials.add(trialId)
  }

  /** It runs this trial no more, or none at all. */
  rests(agent: string, trialId?: string): void {
    const trials = this.#agents.get(agent)?.trials
    if (trialId === undefined) trials?.clear()
    else trials?.delete(trialId)
  }

  /** Undefined while it is away. */
  connected(agent: string): AgentFacts | undefined {
    const known = this.#agents.get(agent)
    return known?.line === undefined ? undefined : known.facts
  }

  allConnected(): readonly AgentFacts[] {
    this.#connected ??= [...this.#agents.values()]
      .filter(({ line }) => line !== undefined)
      .map(({ facts }) => facts)
    return this.#connected
  }

  /** Hardware classes of the connected agents, sorted. */
  hardware(): string[] {
    return [...new Set(this.allConnected().map(({ hardware }) => hardware))].sort()
  }

  line(agent: string): AgentLine | undefined {
    return this.#agents.get(agent)?.line
  }

  wakeAll(): void {
    for (const { line } of this.#agents.values()) line?.wake()
  }

  /** @param sha256 of a data file: whoever has it says so. */
  statuses(sha256?: string): AgentStatus[] {
    return [...this.#agents.values()].map((known) =>
      sha256 !== undefined && known.facts.data?.includes(sha256) === true
        ? { ...statusOf(known), data: [sha256] }
        : statusOf(known),
    )
  }
}

function statusOf({ facts, line, pulse, trials }: KnownAgent): AgentStatus {
  const [trialId] = trials
  const { agent, hardware, deviceCount, engines } = facts
  return {
    agent,
    hardware,
    deviceCount,
    engines,
    connected: line !== undefined,
    activity: pulse?.activity ?? 'idle',
    eventLoopLagMs: pulse?.eventLoopLagMs ?? 0,
    clockOffsetMs: pulse?.clockOffsetMs ?? facts.clockOffsetMs,
    ...(trialId === undefined ? {} : { trialId }),
    ...(pulse?.utilizationPercent === undefined
      ? {}
      : { utilizationPercent: pulse.utilizationPercent }),
    ...(pulse?.memoryBytes === undefined ? {} : { memoryBytes: pulse.memoryBytes }),
    ...(pulse?.powerWatts === undefined ? {} : { powerWatts: pulse.powerWatts }),
  }
}
