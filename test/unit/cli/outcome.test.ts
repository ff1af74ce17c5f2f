import { describe, expect, it } from 'vitest'
import { deskFlags, exitOfRun, interruptedExit, leave, sayEnd } from '../../../cli/outcome.js'
import { createOutput } from '../../../cli/output.js'
import type { FmworkError } from '../../../shared/domain/errors.js'
import type { SweepState } from '../../../shared/domain/trial.js'
import { statusOf } from './sample-status.js'

function ended(state: SweepState, reason: string, goalReached = false) {
  const sweep = { ...statusOf().sweep, state, reason }
  return { kind: 'ended', status: statusOf({ sweep, goalReached }) } as const
}

function outputs() {
  const written = { stdout: '', stderr: '' }
  const sink = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text
    },
  })
  const streams = { stdout: sink('stdout'), stderr: sink('stderr') }
  return { written, text: createOutput(streams, false), json: createOutput(streams, true) }
}

describe('the exit code of a run', () => {
  it('is 0 when the goal was reached', () => {
    expect(exitOfRun(ended('COMPLETED', 'shown', true), '--data d')).toBe(0)
  })

  it.each([
    [ended('COMPLETED', 'the budget is spent'), 'GOAL_NOT_REACHED', 3],
    [ended('CANCELLED', 'cancelled'), 'GOAL_NOT_REACHED', 3],
    [ended('CANCELLED', 'cancelled', true), 'GOAL_NOT_REACHED', 3],
    [ended('FAILED', 'ENGINE_UNREACHABLE: no answer\nat all'), 'ENGINE_UNREACHABLE', 20],
    [ended('FAILED', 'MODEL_INVALID: a: b'), 'MODEL_INVALID', 23],
    [ended('FAILED', 'NO_SUCH_CODE: x'), 'INTERNAL', 70],
    [ended('FAILED', 'something else'), 'INTERNAL', 70],
  ])('%j is told as %s, exit %i', (end, code, exitCode) => {
    expect(() => exitOfRun(end, '--data d')).toThrow(expect.objectContaining({ code, exitCode }))
  })

  it('names the way on, which a cancelled sweep has not', () => {
    const hintOf = (state: SweepState) => {
      try {
        return exitOfRun(ended(state, 'why'), '--data d')
      } catch (error) {
        return (error as FmworkError).hint
      }
    }
    expect(hintOf('COMPLETED')).toContain('`fmwork resume tiny --data d --budget-wall-time 10m`')
    expect(hintOf('CANCELLED')).not.toContain('resume')
  })

  it('keeps the whole reason in the message', () => {
    const end = ended('FAILED', 'ENGINE_UNREACHABLE: no answer\nat all')
    expect(() => exitOfRun(end, '--data d')).toThrow('sweep tiny failed: no answer\nat all')
  })
})

describe('the end of a run', () => {
  const commands = { again: 'fmwork resume tiny', watch: 'fmwork watch tiny' }

  it('by Ctrl-C says how to continue what was ours', () => {
    const { written, text, json } = outputs()
    expect(leave(text, { remote: false }, commands)).toBe(interruptedExit)
    expect(written.stdout).toMatch(/Nothing measured is lost; continue with: fmwork resume tiny\n$/)
    leave(json, { remote: false }, commands)
    expect(written.stderr).toContain('fmwork resume tiny')
  })

  it('by Ctrl-C says that a sweep elsewhere goes on', () => {
    const { written, text } = outputs()
    expect(leave(text, { remote: true }, commands)).toBe(interruptedExit)
    expect(written.stdout).toBe('Left; the sweep goes on. Watch it again with: fmwork watch tiny\n')
  })

  it('says why, and what to do next', () => {
    const { written, text } = outputs()
    sayEnd(ended('COMPLETED', '9 audits back it', true).status, text, '--data d')
    expect(written.stdout).toContain('Ended, goal reached: 9 audits back it')
    expect(written.stdout).toMatch(/fmwork report tiny --data d/)
    expect(written.stdout).toMatch(/fmwork verify tiny --sample 60 --data d/)
  })

  it('suggests nothing to programs, nor after a failure', () => {
    const { written, text, json } = outputs()
    sayEnd(ended('COMPLETED', 'done').status, json, '--data d')
    sayEnd(ended('FAILED', 'ENGINE_FAILED: x').status, text, '--data d')
    expect(written).toEqual({ stdout: '', stderr: '' })
  })

  it('leads back to the folder or to the coordinator', () => {
    expect(deskFlags({ data: 'd', agents: 0 })).toBe('--data d')
    expect(deskFlags({ data: 'my data', agents: 0 })).toBe("--data 'my data'")
    const remote = { data: 'd', agents: 0, coordinator: 'h:1' }
    expect(deskFlags(remote)).toBe('--coordinator h:1')
    expect(deskFlags({ ...remote, tokenFile: 'me.token', tlsCa: 'ca.crt' })).toBe(
      '--coordinator h:1 --token-file me.token --tls-ca ca.crt',
    )
  })
})

describe('output', () => {
  it('gives objects to programs and text to people', () => {
    const { written, text, json } = outputs()
    json.result({ a: 1 }, 'one')
    expect(written.stdout).toBe('{"a":1}\n')
    text.result({ a: 1 }, 'one')
    expect(written).toEqual({ stdout: '{"a":1}\none\n', stderr: '' })
  })
})
