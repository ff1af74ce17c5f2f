/* global setInterval */
/**
 * Loaded into the coordinator (`node --import`): every ten seconds each of its threads appends a line of
 * JSON to the file that FMWORK_BENCH_INSIDE names. MiB of its V8 heap, how long collections of garbage
 * stopped it since the last line, and, of the main thread, how late its event loop was.
 */
import { appendFileSync } from 'node:fs'
import { PerformanceObserver, monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { threadId } from 'node:worker_threads'

const file = process.env.FMWORK_BENCH_INSIDE
const MiB = (bytes) => Number((bytes / 2 ** 20).toFixed(1))

let pauses = []
new PerformanceObserver((list) => {
  pauses.push(...list.getEntries().map(({ duration }) => duration))
}).observe({ entryTypes: ['gc'] })
const delay = threadId === 0 ? monitorEventLoopDelay({ resolution: 5 }) : undefined
delay?.enable()

function tell() {
  const heap = getHeapStatistics()
  const { external } = process.memoryUsage()
  const line = {
    thread: threadId,
    heapMiB: MiB(heap.total_heap_size),
    inUseMiB: MiB(heap.used_heap_size),
    externalMiB: MiB(external),
    pauses: pauses.length,
    pausedMs: Math.round(pauses.reduce((sum, each) => sum + each, 0)),
    longestPauseMs: Math.round(Math.max(0, ...pauses)),
    ...(delay && { loopDelayP99Ms: Math.round(delay.percentile(99) / 1e6) }),
  }
  pauses = []
  delay?.reset()
  appendFileSync(file, `${JSON.stringify(line)}\n`)
}
setInterval(tell, 10_000).unref()
