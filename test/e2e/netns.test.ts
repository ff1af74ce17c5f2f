import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { benchVerdict, nothingWrong } from './bench-verdict.js'

/** The bench of split networks, small: see test/bench/netns/run.mjs for the long one. */
const bench = fileURLToPath(new URL('../bench/netns/run.mjs', import.meta.url))

/** Why it cannot run here, in its own words; undefined where it can. */
function whyNot(): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [bench, '--check'], { encoding: 'utf8' })
  return status === 0 ? undefined : stderr.trim()
}

const reason = whyNot()

describe('lost packets, cut wires, partitions and frozen processes', () => {
  it.skipIf(reason !== undefined)(
    `lose nothing, and no block or device has two holders${reason === undefined ? '' : ` (not tried: ${reason})`}`,
    async () => {
      const kinds = ['agent not heard', 'agent frozen']
      const verdict = await benchVerdict(bench, [
        ...['--seed', '4', '--kinds', kinds.join(), '--faults', '2', '--configurations', '24'],
        ...['--lease-seconds', '1.5', '--heartbeat-seconds', '0.3', '--mean-seconds', '0.1'],
        ...['--partition-seconds', '2', '--frozen-seconds', '2.5', '--delay-ms', '10'],
        ...['--jitter-ms', '5', '--limit-seconds', '100'],
      ])
      expect(Object.keys(verdict.faults ?? {}).sort()).toEqual([...kinds].sort())
      expect(verdict.wrong).toEqual(nothingWrong)
      expect(verdict.measured).toBeGreaterThan(0)
    },
  )
})
