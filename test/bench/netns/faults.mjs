import { systemClock } from '../../../dist/shared/process/clock.js'
import { seeded } from '../chaos/random.mjs'

const sleep = (seconds) => systemClock.sleep(seconds)

/** Kinds of faults: each begins one and answers how to end it. */
const kinds = {
  partition: ({ wires, agent }) => cut(wires, [agent], ['up', 'down']),
  'partition of all': ({ wires, agents }) => cut(wires, agents, ['up', 'down']),
  'agent not heard': ({ wires, agent }) => cut(wires, [agent], ['up']),
  'agent hears nothing': ({ wires, agent }) => cut(wires, [agent], ['down']),
  'agent frozen': ({ fleet, agent }) => freeze(fleet.agents[agent]),
  'coordinator frozen': ({ fleet }) => freeze(fleet.coordinator),
}

export const faultKinds = Object.keys(kinds)

function cut(wires, agents, directions) {
  const all = agents.flatMap((agent) => directions.map((each) => wires.of(agent)[each]))
  for (const direction of all) direction.cut = true
  return () => {
    for (const direction of all) direction.cut = false
  }
}

function freeze(program) {
  program.freeze()
  return () => program.goOn()
}

/**
 * Faults of `kinds` one after another, every kind as often as any other, in a seeded order. Partitions and cuts
 * last `partitionSeconds`; who is frozen is so for `frozenSeconds`.
 *
 * @param say told of every fault when it begins.
 */
export const faulting = (options, wires, say) =>
  async function disturb({ fleet, keepBusy }) {
    const { seed, faults, kinds: wanted, meanSeconds, partitionSeconds, frozenSeconds } = options
    const random = seeded(seed)
    const agents = fleet.agents.map((_, number) => number)
    const counts = {}
    let round = []
    for (let number = 1; number <= faults; number += 1) {
      await sleep(1 + random.wait(meanSeconds))
      await keepBusy()
      if (round.length === 0) round = [...wanted]
      const [kind] = round.splice(random.below(round.length), 1)
      const agent = random.below(agents.length)
      const seconds = kind.includes('frozen') ? frozenSeconds : partitionSeconds
      say({ fault: number, kind, agent: fleet.agents[agent].name, seconds })
      const end = kinds[kind]({ fleet, wires, agents, agent })
      try {
        const over = systemClock.monotonic() + seconds
        while (systemClock.monotonic() < over) {
          await sleep(Math.min(1, seconds))
          if (kind !== 'coordinator frozen') await keepBusy()
        }
      } finally {
        end()
      }
      counts[kind] = (counts[kind] ?? 0) + 1
    }
    return { faults: counts }
  }
