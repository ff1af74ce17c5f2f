import { FakeClock } from '../../../shared/process/clock.js'
import { createRandom } from '../../../shared/stats/random.js'
import type { Random } from '../../../shared/stats/random.js'
import { SoakCoordinator } from './coordinator.js'
import { judgeSoak } from './judge.js'
import type { SoakVerdict } from './judge.js'
import { SoakAgent } from './soak-agent.js'
import type { Acknowledged } from './soak-agent.js'

export interface SoakOptions {
  readonly dataDir: string
  readonly seed: number
  /** Of simulated time, without what the sweeps need to end afterwards. */
  readonly hours: number
  readonly agents: number
  readonly sweeps: number
  /** Trials that a sweep gets at first, and more whenever it is over before the time is. */
  readonly trials: number
}

/** Simulated seconds between two deeds of the people, and at most between two kills of the coordinator. */
const deedSeconds = 60
const mostKillSeconds = 600
const stepSeconds = 10
/** Simulated hours after which a sweep that has not ended is stuck. */
const patienceHours = 1
const everyTrial = 1_000_000

const sweepText = (number: number, trials: number) => `
name: soak-${number}
model: test-model
engines: [{kind: simulated}]
priority: ${1 + (number % 3)}
space: {batch_size: {range: [1, 40]}, input_tokens: {range: [1, 10]}, output_tokens: {range: [1, 5]}, hardware: cpu}
metrics: [ttft]
strategy: {kind: random, seed: ${number}}
budget: {trials: ${trials}}
`

/** Sweeps over agents that come and go, under a coordinator that is killed, until all have ended. */
export async function soak(options: SoakOptions): Promise<SoakVerdict> {
  const { dataDir, seed, hours, agents, sweeps, trials: share } = options
  const clock = new FakeClock()
  const random = createRandom(seed)
  const coordinator = new SoakCoordinator(dataDir, clock)
  const acknowledged: Acknowledged = new Map()
  const crew = Array.from({ length: agents }, (_, number) => {
    const name = `agent-${number}`
    return new SoakAgent(name, { coordinator, clock, random: random.fork(name), acknowledged })
  })
  const running = crew.map((agent) => agent.run())
  const failed = Promise.all(running)
  failed.catch(() => undefined)
  const names = Array.from({ length: sweeps }, (_, number) => `soak-${number}`)
  await clock.advance(1)
  for (const number of names.keys()) {
    await coordinator.dispatcher.sweepDesk.submit(sweepText(number, share))
  }
  const heap: number[] = []
  const deeds = random.fork('deeds')
  const killSeconds = Math.min(mostKillSeconds, deedSeconds * Math.ceil(hours * 20))
  const steps = Math.round((hours * 3600) / stepSeconds)
  for (let step = 1; step <= steps; step += 1) {
    await clock.advance(stepSeconds)
    const now = step * stepSeconds
    if (now % deedSeconds === 0) {
      await deed(coordinator, deeds, share)
    }
    if (now % killSeconds === 0) await coordinator.restart()
    if (step % Math.max(1, Math.floor(steps / 8)) === 0) heap.push(process.memoryUsage().heapUsed)
  }
  for (const agent of crew) agent.calm = true
  await letEnd(coordinator, clock)
  for (const agent of crew) agent.stopping = true
  const gone = { all: false }
  void failed.then(() => {
    gone.all = true
  })
  for (let left = 60; left > 0 && !gone.all; left -= 1) await clock.advance(stepSeconds)
  if (gone.all) await failed
  const trials = coordinator.store.listSweeps().flatMap(({ sweepId }) => {
    return coordinator.store.trialsOf(sweepId, undefined, everyTrial)
  })
  const states = coordinator.store.listSweeps().map(({ state }) => state)
  await coordinator.close()
  const accidents: Record<string, number> = {}
  for (const agent of crew) {
    for (const [kind, times] of Object.entries(agent.accidents)) {
      accidents[kind] = (accidents[kind] ?? 0) + times
    }
  }
  return judgeSoak({
    ...{ dataDir, now: clock.wall(), trials, states, acknowledged, accidents, heap },
    simulatedSeconds: clock.monotonic(),
    lives: coordinator.life,
    agentsLeft: gone.all ? 0 : 1,
  })
}

/** What people do to a sweep: pause it, let it go on, give it more, have it verified. */
async function deed(coordinator: SoakCoordinator, random: Random, share: number): Promise<void> {
  const desk = coordinator.dispatcher.sweepDesk
  for (const { name, sweepId, state } of await desk.list()) {
    if (state === 'PAUSED') await desk.resume(name)
    else if (state === 'COMPLETED') {
      if (random.next() < 0.3) await desk.verify(name, 10, 1)
      // Those in flight when the budget was spent ended too, so more than the budget may be spent.
      const { attempts } = coordinator.store.totals(sweepId)
      await desk.resume(name, { trials: attempts + share })
    } else if (random.next() < 0.05) await desk.pause(name)
  }
}

async function letEnd(coordinator: SoakCoordinator, clock: FakeClock): Promise<void> {
  const { sweepDesk } = coordinator.dispatcher
  for (const { name, state } of await sweepDesk.list()) {
    if (state === 'PAUSED') await sweepDesk.resume(name)
  }
  for (let left = (patienceHours * 3600) / stepSeconds; left > 0; left -= 1) {
    await clock.advance(stepSeconds)
    const { store } = coordinator
    const over = store.listSweeps().every(({ sweepId, state }) => {
      return (
        state === 'COMPLETED' &&
        store.trialsOf(sweepId, undefined, everyTrial).every(({ endedAt }) => endedAt !== undefined)
      )
    })
    if (over) return
  }
}
