import { afterEach, beforeEach } from 'vitest'
import type { SweepDesk } from '../../../../shared/domain/sweep-desk.js'
import type { SweepState } from '../../../../shared/domain/trial.js'
import { dispatchBench } from '../../../fixtures/dispatch-bench.js'
import type { BenchOptions, DispatchBench } from '../../../fixtures/dispatch-bench.js'
import { agentFacts, FakeAgent } from '../../../fixtures/fake-agent.js'

/** A dispatcher that one agent is connected to, anew for every test of a file. */
export interface OneAgentBench {
  readonly bench: DispatchBench
  readonly agent: FakeAgent
  readonly desk: () => SweepDesk
  readonly stateOf: () => Promise<SweepState>
  /** Another dispatcher with these options in place of this one. */
  readonly reopen: (options: BenchOptions) => Promise<void>
  /** Lets the agent take work so often, a second apart. @returns trials that it ended */
  readonly work: (turns: number) => Promise<number>
}

export function oneAgentBench(options: BenchOptions): OneAgentBench {
  let bench: DispatchBench
  let agent: FakeAgent
  const open = async (wanted: BenchOptions) => {
    bench = dispatchBench(wanted)
    agent = new FakeAgent(agentFacts('one'))
    await agent.connect(bench.dispatcher.agentDesk)
  }
  beforeEach(() => open(options))
  afterEach(() => bench.close())
  const desk = () => bench.dispatcher.sweepDesk
  return {
    get bench() {
      return bench
    },
    get agent() {
      return agent
    },
    desk,
    stateOf: async () => (await desk().get('small')).status.sweep.state,
    async reopen(wanted) {
      await bench.close()
      await open(wanted)
    },
    async work(turns) {
      let done = 0
      for (let turn = 0; turn < turns; turn += 1) {
        done += await agent.work(bench.dispatcher.agentDesk)
        await bench.clock.advance(1)
      }
      return done
    },
  }
}
