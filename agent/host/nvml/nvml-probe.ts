import { parseArgs } from 'node:util'
import { systemClock } from '../../../shared/process/clock.js'
import { watchParent } from '../../../shared/process/exit-with-parent.js'
import { loadNvml } from './library.js'
import { openNvml } from './nvml.js'
import type { Nvml } from './nvml.js'
import type { ProbeLine } from './probe-lines.js'
import { runProbeLoop } from './probe-loop.js'

/**
 * The program that reads NVML: its own process, so that a driver that hangs or crashes takes neither
 * the agent nor a measurement with it. Prints {@link ProbeLine}s; ends with its parent.
 */
function say(line: ProbeLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

const { values } = parseArgs({
  options: { 'period-ms': { type: 'string' }, 'nvml-file': { type: 'string' } },
})
const periodSeconds = Number(values['period-ms']) / 1000
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
const unwatch = watchParent(() => stop.abort())
// A reader that is gone is no failure of the probe.
process.stdout.on('error', () => stop.abort())

let nvml: Nvml | undefined
try {
  nvml = openNvml(loadNvml(values['nvml-file']))
} catch (error) {
  say({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) })
}
if (nvml !== undefined) {
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
  await runProbeLoop({ clock: systemClock, nvml, periodSeconds, cpuSeconds, say }, stop.signal)
  nvml.close()
}
unwatch()
// An open pipe would keep the process: there is nothing more to wait for.
process.stdin.destroy()
