import { leaseShelfContract } from './store-leases.js'
import { reportShelfContract } from './store-reports.js'
import { sweepShelfContract } from './store-sweeps.js'
import { trialShelfContract } from './store-trials.js'
import type { StoreUnderTest } from './store-bench.js'

/** The laws of the Store port, over any implementation. */
export function storeContract(name: string, open: () => StoreUnderTest): void {
  sweepShelfContract(name, open)
  trialShelfContract(name, open)
  leaseShelfContract(name, open)
  reportShelfContract(name, open)
}
