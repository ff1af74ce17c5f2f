import { describe, expect, it } from 'vitest'
import { exitOfRun, interruptedExit } from '../../../cli/outcome.js'
import { createOutput } from '../../../cli/output.js'
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
    expect(exitOfRun(ended('COMPLETED', 'shown', true), outputs().text, 'x')).toBe(0)
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
    expect(() => exitOfRun(end, outputs().text, 'x')).toThrow(
      expect.objectContaining({ code, exitCode }),
    )
  })

  it('keeps the whole reason in the message', () => {
    const end = ended('FAILED', 'ENGINE_UNREACHABLE: no answer\nat all')
    expect(() => exitOfRun(end, outputs().text, 'x')).toThrow(
      'sweep tiny failed: no answer\nat all',
    )
  })

  it('is that of a Ctrl-C when one ended it, with the way on', () => {
    const { written, text, json } = outputs()
    expect(exitOfRun({ kind: 'interrupted' }, text, 'fmwork resume tiny')).toBe(interruptedExit)
    expect(written.stdout).toMatch(/Nothing measured is lost; continue with: fmwork resume tiny\n$/)
    exitOfRun({ kind: 'interrupted' }, json, 'fmwork resume tiny')
    expect(written.stderr).toContain('fmwork resume tiny')
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
