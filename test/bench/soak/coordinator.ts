import { createDispatcher } from '../../../coordinator/dispatch/create-dispatcher.js'
import type { Dispatcher } from '../../../coordinator/dispatch/create-dispatcher.js'
import type { Store } from '../../../coordinator/dispatch/store-port.js'
import { openStore } from '../../../coordinator/store/open-store.js'
import type { FakeClock } from '../../../shared/process/clock.js'
import { silentLog } from '../../fixtures/dispatch-bench.js'
import { openFakePlanner } from '../../fixtures/fake-planner.js'

export const leaseSeconds = 30

/** A coordinator over a store on disk, in simulated time, that can be killed and started again. */
export class SoakCoordinator {
  readonly dataDir: string
  readonly #clock: FakeClock
  #store: Store
  #dispatcher: Dispatcher
  /** How often it was started: sessions of an earlier life are over. */
  life = 1

  constructor(dataDir: string, clock: FakeClock) {
    this.dataDir = dataDir
    this.#clock = clock
    ;({ store: this.#store, dispatcher: this.#dispatcher } = this.#open())
  }

  get store(): Store {
    return this.#store
  }

  get dispatcher(): Dispatcher {
    return this.#dispatcher
  }

  async restart(): Promise<void> {
    this.life += 1
    await this.close()
    ;({ store: this.#store, dispatcher: this.#dispatcher } = this.#open())
  }

  async close(): Promise<void> {
    await this.#dispatcher.close()
    this.#store.close()
  }

  #open(): { store: Store; dispatcher: Dispatcher } {
    const tools = { clock: this.#clock, log: silentLog }
    const store = openStore(this.dataDir, tools)
    const openPlanner = openFakePlanner()
    const leaseMs = leaseSeconds * 1000
    const dispatcher = createDispatcher({ ...tools, store, openPlanner, leaseMs })
    dispatcher.start()
    return { store, dispatcher }
  }
}
