import type { Grant, HeldLease, TrialOrder } from '../../../shared/domain/lease.js'
import type { ReportBatch, ReportItem } from '../../../shared/domain/report-item.js'
import type { TrialOutcome } from '../../../shared/domain/trial.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Random } from '../../../shared/stats/random.js'
import { agentFacts, isGrant, measurementOf } from '../../fixtures/fake-agent.js'
import { leaseSeconds } from './coordinator.js'
import type { SoakCoordinator } from './coordinator.js'

/** Results that were acknowledged, by trial: the coordinator owes each of them an end. */
export type Acknowledged = Map<string, 'counted' | 'refused'>

type Accident = 'none' | 'dies' | 'freezes' | 'is cut off' | 'sends twice'

const doubt = { kind: 'engine_starved', severity: 'invalid', detail: 'waited 30 %' } as const

/** An agent of one device that measures in simulated time, and to which things happen. */
export class SoakAgent {
  readonly #name: string
  readonly #coordinator: SoakCoordinator
  readonly #clock: Clock
  readonly #random: Random
  readonly #acknowledged: Acknowledged
  readonly accidents: Record<Accident, number> = {
    none: 0,
    dies: 0,
    freezes: 0,
    'is cut off': 0,
    'sends twice': 0,
  }
  #lease: HeldLease | undefined
  #renewing = true
  #life = 0
  #session = ''
  #sequence = 0
  /** From here on nothing happens to it, and it goes when it has nothing to do. */
  calm = false
  stopping = false

  constructor(
    name: string,
    parts: {
      coordinator: SoakCoordinator
      clock: Clock
      random: Random
      acknowledged: Acknowledged
    },
  ) {
    this.#name = name
    this.#coordinator = parts.coordinator
    this.#clock = parts.clock
    this.#random = parts.random
    this.#acknowledged = parts.acknowledged
  }

  async run(): Promise<void> {
    void this.#renew()
    while (!this.stopping) {
      await this.#surely(() => this.#turn())
    }
    const lease = this.#lease
    if (lease === undefined) return
    await this.#surely(() => this.#desk.release(this.#name, lease))
    this.#lease = undefined
  }

  get #desk() {
    return this.#coordinator.dispatcher.agentDesk
  }

  async #turn(): Promise<void> {
    if (this.#life !== this.#coordinator.life) await this.#connect()
    const answer = await this.#desk.requestWork(this.#name, this.#lease, 1)
    if (!isGrant(answer)) {
      this.#lease = undefined
      await this.#clock.sleep(answer.retryAfterMs / 1000)
      return
    }
    this.#lease = { leaseId: answer.leaseId, token: answer.token }
    const [order] = answer.trials
    if (order !== undefined) await this.#measure(answer, order)
  }

  async #connect(): Promise<void> {
    const held = this.#lease === undefined ? [] : [this.#lease]
    const line = {
      revoke: (leaseId: string) => {
        if (this.#lease?.leaseId === leaseId) this.#lease = undefined
      },
      drain: () => undefined,
      wake: () => undefined,
    }
    const life = this.#coordinator.life
    const welcome = await this.#desk.connect({ ...agentFacts(this.#name), held }, line)
    this.#life = life
    this.#session = welcome.sessionId
    this.#sequence = Math.max(this.#sequence, welcome.acknowledgedSequence)
  }

  async #measure({ leaseId, token }: Grant, order: TrialOrder): Promise<void> {
    const lease = { leaseId, token }
    const { trialId } = order
    await this.#send([{ kind: 'trial-started', lease, trialId, at: 0 }])
    const seconds = 10 + this.#random.next() * 100
    await this.#clock.sleep(seconds / 2)
    const accident = this.#accident()
    this.accidents[accident] += 1
    switch (accident) {
      case 'dies':
        this.#leave()
        this.#lease = undefined
        await this.#clock.sleep(5 + this.#random.next() * 120)
        return
      case 'freezes':
        this.#renewing = false
        await this.#clock.sleep(leaseSeconds * (0.5 + 2 * this.#random.next()))
        this.#renewing = true
        break
      case 'is cut off':
        this.#leave()
        this.#renewing = false
        await this.#clock.sleep(5 + this.#random.next() * 90)
        this.#renewing = true
        break
      case 'none':
      case 'sends twice':
        break
    }
    await this.#clock.sleep(seconds / 2)
    const items: ReportItem[] = [
      { kind: 'trial-result', lease, trialId, outcome: this.#outcome(order) },
    ]
    await this.#send(items, accident === 'sends twice')
  }

  /** Until it is acknowledged, as an outbox would, under one number. */
  async #send(items: readonly ReportItem[], twice = false): Promise<void> {
    await this.#surely(async () => {
      if (this.#life !== this.#coordinator.life) await this.#connect()
    })
    this.#sequence += 1
    const batch: ReportBatch = { agent: this.#name, sequence: this.#sequence, items }
    for (let times = twice ? 2 : 1; times > 0; times -= 1) {
      await this.#surely(async () => {
        if (this.#life !== this.#coordinator.life) await this.#connect()
        const { refusedTrials } = await this.#desk.record(batch)
        for (const item of items) {
          if (item.kind !== 'trial-result') continue
          const refused = refusedTrials.includes(item.trialId)
          if (refused) this.#lease = undefined
          // A trial that was refused from one agent may be counted from another.
          if (!refused || !this.#acknowledged.has(item.trialId)) {
            this.#acknowledged.set(item.trialId, refused ? 'refused' : 'counted')
          }
        }
      })
    }
  }

  async #renew(): Promise<void> {
    for (;;) {
      await this.#clock.sleep(leaseSeconds / 2)
      const lease = this.#lease
      if (lease === undefined || !this.#renewing || this.#life !== this.#coordinator.life) continue
      const alive = await this.#desk.renew(this.#name, [lease]).catch(() => [lease.leaseId])
      if (!alive.includes(lease.leaseId) && this.#lease === lease) this.#lease = undefined
    }
  }

  /** Again until the coordinator, which is killed now and then, answers. */
  async #surely(call: () => Promise<void>): Promise<void> {
    for (;;) {
      const life = this.#coordinator.life
      try {
        await call()
        return
      } catch (error) {
        if (life === this.#coordinator.life) throw error
        await this.#clock.sleep(1 + this.#random.next() * 3)
      }
    }
  }

  #leave(): void {
    this.#desk.disconnect(this.#name, this.#session)
    this.#life = 0
  }

  #accident(): Accident {
    const roll = this.calm ? 1 : this.#random.next()
    if (roll < 0.02) return 'dies'
    if (roll < 0.04) return 'freezes'
    if (roll < 0.06) return 'is cut off'
    if (roll < 0.08) return 'sends twice'
    return 'none'
  }

  #outcome(order: TrialOrder): TrialOutcome {
    const roll = this.calm ? 1 : this.#random.next()
    const measurement = measurementOf(order)
    if (roll < 0.04) {
      return { kind: 'failed', code: 'REQUEST_FAILED', reason: 'reset', deviceSeconds: 1 }
    }
    if (roll < 0.06) return { kind: 'infeasible', reason: 'out of memory', deviceSeconds: 1 }
    if (roll < 0.08) return { kind: 'measured', measurement: { ...measurement, doubts: [doubt] } }
    return { kind: 'measured', measurement }
  }
}
