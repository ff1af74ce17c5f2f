import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolutionMs = 20

/** Measures how late this process’s event loop runs its timers. */
export interface EventLoopLag {
  /** 99th percentile since the last call, in milliseconds. */
  take(): number
  stop(): void
}

export function watchEventLoopLag(): EventLoopLag {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  return {
    take() {
      // The histogram counts whole intervals: what is beyond the timer’s own period is delay.
      const lag = histogram.count === 0 ? 0 : histogram.percentile(99) / 1e6 - resolutionMs
      histogram.reset()
      return Math.max(0, lag)
    },
    stop() {
      histogram.disable()
    },
  }
}
