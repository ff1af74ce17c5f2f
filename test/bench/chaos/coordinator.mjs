// The coordinator as compiled, with leases short enough that kills let some of them expire; their term
// and the heartbeats' in milliseconds are those of FMWORK_BENCH_LEASE_MS and _HEARTBEAT_MS.
import { coordinatorOptions } from '../../../dist/coordinator/main.js'
import { startCoordinator } from '../../../dist/coordinator/start-coordinator.js'
import { systemClock } from '../../../dist/shared/process/clock.js'
import { watchParent } from '../../../dist/shared/process/exit-with-parent.js'
import { runProgram } from '../../../dist/shared/process/lifecycle.js'
import { createLog } from '../../../dist/shared/process/log.js'

const { logFile, ...options } = coordinatorOptions(process.argv.slice(2))
const log = createLog({ name: 'coordinator', file: logFile })

const leaseMs = Number(process.env.FMWORK_BENCH_LEASE_MS ?? 3000)
const heartbeatMs = Number(process.env.FMWORK_BENCH_HEARTBEAT_MS ?? 500)

const start = async () => {
  const coordinator = await startCoordinator({ ...options, log, leaseMs, heartbeatMs })
  let ended
  const done = new Promise((resolve) => {
    ended = resolve
  })
  return {
    done,
    async stop(graceSeconds) {
      await coordinator.close(graceSeconds)
      ended()
    },
  }
}
process.exit(await runProgram(start, { log, clock: systemClock, graceSeconds: 2, watchParent }))
