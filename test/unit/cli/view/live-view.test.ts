import { describe, expect, it } from 'vitest'
import type { CliContext } from '../../../../cli/context.js'
import { createOutput } from '../../../../cli/output.js'
import { JsonView, PlainView, TerminalView } from '../../../../cli/view/live-view.js'
import type { TrialRecord } from '../../../../shared/domain/sweep-desk.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { statusOf } from '../sample-status.js'

const trial: TrialRecord = {
  trialId: 't1',
  configuration: {
    model: 'sim',
    engine: 'simulated',
    engineArgs: {},
    hardware: 'cpu',
    tensorParallel: 2,
    load: 4,
    inputTokens: 32,
    outputTokens: 8,
  },
  purpose: 'audit',
  state: 'INFEASIBLE',
  reason: 'no room',
  attempt: 2,
  agent: 'agent-1',
  endedAt: 0,
}
const status = (measured: number) => ({ kind: 'status', status: statusOf({ measured }) }) as const

function screen() {
  const writes: string[] = []
  const sink = { write: (text: string) => void writes.push(text), isTTY: true, columns: 100 }
  const clock = new FakeClock()
  const context: Pick<CliContext, 'stdout' | 'stderr' | 'env' | 'clock'> = {
    stdout: sink,
    stderr: { write: () => undefined },
    env: { NO_COLOR: '1' },
    clock,
  }
  return { writes, clock, context }
}

describe('the view of a pipe', () => {
  it('has a line per trial, and the state of the sweep at most every five seconds', async () => {
    const { writes, clock, context } = screen()
    const view = new PlainView(context)
    view.show(status(1))
    view.show(status(2))
    view.show({ kind: 'trial-ended', trial })
    await clock.advance(5)
    view.show(status(3))
    view.show(status(3))
    view.close()
    expect(writes.map((line) => line.slice(0, 30).trim())).toEqual([
      'sweep   RUNNING 1 measured (8',
      'trial   audit   load 4, in 32,',
      'sweep   RUNNING 3 measured (8',
    ])
    expect(writes[1]).toBe(
      'trial   audit   load 4, in 32, out 8, tp 2 (attempt 2): infeasible: no room\n',
    )
  })

  it('says the end at once', () => {
    const { writes, context } = screen()
    const view = new PlainView(context)
    view.show(status(1))
    const sweep = { ...statusOf().sweep, state: 'COMPLETED', reason: 'shown' } as const
    view.show({ kind: 'status', status: statusOf({ sweep }) })
    expect(writes.at(-1)).toMatch(/^sweep {3}COMPLETED /)
  })
})

describe('the view of a terminal', () => {
  it('draws the newest state, at most four times a second, over the frame before', async () => {
    const { writes, clock, context } = screen()
    const view = new TerminalView(context)
    view.show(status(1))
    view.show(status(2))
    view.show(status(3))
    expect(writes).toHaveLength(1)
    await clock.advance(0.25)
    expect(writes).toHaveLength(2)
    const lines = (writes[0] ?? '').split('\n').length - 1
    expect(writes[1]?.startsWith(`\r\u001b[${lines}A`)).toBe(true)
    expect(writes[1]).toContain('3 measured')
    view.close()
    view.close()
    await clock.advance(1)
    expect(writes).toHaveLength(3)
  })

  it('keeps a note above the frame', () => {
    const { writes, context } = screen()
    const view = new TerminalView(context)
    view.show(status(1))
    view.note('agent-1 ended')
    expect(writes[1]).toMatch(/agent-1 ended\n$/)
    expect(writes[2]).toContain('1 measured')
  })
})

describe('the view of a program', () => {
  it('is an object per event', () => {
    const { writes, context } = screen()
    const view = new JsonView(createOutput(context, true))
    view.show({ kind: 'trial-ended', trial })
    view.note('for people')
    expect(writes.map((line) => JSON.parse(line) as unknown)).toEqual([
      { event: 'trial-ended', trial },
    ])
  })
})
