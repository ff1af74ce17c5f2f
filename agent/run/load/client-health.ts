import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { mean, quantile, sorted } from '../../../shared/stats/quantile.js'
import type { ClientHealth } from './load-job.js'

/** Milliseconds between the probes of the event loop: fine enough for a delay that moves a latency. */
const resolutionMs = 5
const secondsPerNanosecond = 1e-9
/** Pulses below which their worst is not told apart from their mean. */
const fewestPulses = 10

export interface ClientWatch {
  /** @param delay seconds from a pulse’s sending in another thread to its arrival here. */
  pulse(delay: number): void
  stop(): ClientHealth
}

/**
 * Watches the event loop of the calling thread until `stop`. Pulses that another thread sends at
 * random moments wait as a socket’s bytes do, for the loop and for a CPU, so they say how late bytes
 * were noticed. Without pulses a timer’s lateness stands in, which is known to a millisecond only.
 */
export function watchClient(): ClientWatch {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  const before = performance.eventLoopUtilization()
  const pulses: number[] = []
  delay.enable()
  const byTimer = () => {
    // The histogram holds the time between probes; what exceeds the period is the delay.
    const excess = (nanoseconds: number) =>
      delay.count === 0 ? 0 : Math.max(0, nanoseconds * secondsPerNanosecond - resolutionMs / 1000)
    return {
      loopDelayMean: excess(delay.mean),
      loopDelayP99: excess(delay.percentile(99)),
      loopDelayMax: excess(delay.max),
    }
  }
  const byPulses = () => {
    const ascending = sorted(pulses)
    return {
      loopDelayMean: mean(ascending),
      loopDelayP99: quantile(ascending, 0.99),
      loopDelayMax: quantile(ascending, 1),
    }
  }
  return {
    pulse(seconds) {
      pulses.push(Math.max(0, seconds))
    },
    stop() {
      delay.disable()
      const used = performance.eventLoopUtilization(before)
      return {
        eventLoopUtilization: used.utilization,
        ...(pulses.length < fewestPulses ? byTimer() : byPulses()),
      }
    },
  }
}
