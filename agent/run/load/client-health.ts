import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { ClientHealth } from './load-job.js'

/** Milliseconds between the probes of the event loop: fine enough for a delay that moves a latency. */
const resolutionMs = 5
const secondsPerNanosecond = 1e-9

/** Watches the event loop of the calling thread until `stop`. */
export function watchClient(): { stop(): ClientHealth } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  const before = performance.eventLoopUtilization()
  delay.enable()
  return {
    stop() {
      delay.disable()
      const used = performance.eventLoopUtilization(before)
      // The histogram holds the time between probes; what exceeds the period is the delay.
      const excess = (nanoseconds: number) =>
        delay.count === 0
          ? 0
          : Math.max(0, nanoseconds * secondsPerNanosecond - resolutionMs / 1000)
      return {
        eventLoopUtilization: used.utilization,
        loopDelayMean: excess(delay.mean),
        loopDelayP99: excess(delay.percentile(99)),
        loopDelayMax: excess(delay.max),
      }
    },
  }
}
