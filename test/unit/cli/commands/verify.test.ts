import { describe, expect, it } from 'vitest'
import { verificationText, verifyCommand } from '../../../../cli/commands/verify.js'
import type { Verification } from '../../../../shared/domain/sweep-desk.js'
import { FakeDesk, fakeContext } from '../fake-context.js'

const metric = {
  metric: 'ttft',
  claimedAccuracy: { value: 0.93, low: 0.91, high: 0.95 },
  trueAccuracy: { value: 0.94, low: 0.92, high: 0.96 },
  trueWithin5: 0.7,
  trueP95Error: 0.15,
  trueBias: -0.012,
  insideClaim: true,
} as const

const low = { value: 0.89, low: 0.88, high: 0.9 }

const verification: Verification = {
  sampled: 60,
  of: 1200,
  metrics: [metric, { ...metric, metric: 'itl', trueAccuracy: low, insideClaim: false }],
  referenceDeviceSeconds: 180,
  sweepDeviceSeconds: 120,
  trueGain: { value: 30, low: 28, high: 32 },
}

describe('a verification, as a person reads it', () => {
  const [reference, heading, ttft, itl, gain] = verificationText(verification)

  it('says what the reference is and what it cost', () => {
    expect(reference).toBe(
      'Reference: 60 of 1,200 configurations, drawn uniformly at random, measured anew (180 device-s).',
    )
    const [whole] = verificationText({ ...verification, sampled: 1200 })
    expect(whole).toContain('all 1,200 configurations, measured anew')
    expect(whole).not.toContain('random')
  })

  it('puts the claim beside the truth', () => {
    expect(heading).toMatch(/^metric\s+claimed accuracy\s+true accuracy\s+within 5 %/)
    expect(ttft).toMatch(
      /^ttft\s+93\.0 % \(91\.0 – 95\.0\)\s+94\.0 % \(92\.0 – 96\.0\)\s+70\.0 %\s+15\.0 %\s+-1\.2 %\s+inside the claim$/,
    )
    expect(itl).toMatch(/OUTSIDE the claim$/)
  })

  it('says when a larger sample may decide otherwise', () => {
    const near = { ...metric, trueAccuracy: { ...low, high: 0.911 }, insideClaim: false }
    const [, , line] = verificationText({ ...verification, metrics: [near] })
    expect(line).toMatch(/OUTSIDE the claim, by less than the sample can tell$/)
  })

  it('gives no verdict where nothing was claimed', () => {
    const unknown = { value: NaN, low: NaN, high: NaN }
    const none = { ...metric, claimedAccuracy: unknown, insideClaim: false }
    const [, , line] = verificationText({ ...verification, metrics: [none] })
    expect(line).toMatch(/nothing was claimed: too few audits$/)
    expect(line).not.toContain('OUTSIDE')
  })

  it('names the reference of the gain and the cost of the sweep', () => {
    expect(gain).toBe(
      'Gain: 30.0x (28.0x – 32.0x) against measuring every configuration once (the sweep spent 120 device-s).',
    )
  })
})

describe('a verification that Ctrl-C ends', () => {
  async function interrupted(parts: FakeDesk['parts']): Promise<string> {
    const desk = new FakeDesk()
    desk.toVerify = 5
    desk.parts = parts
    desk.summary = { ...desk.summary, state: 'COMPLETED' }
    const { context, interrupt, written } = fakeContext(desk)
    const watched = new Promise<void>((resolve) => {
      const watch = desk.watch.bind(desk)
      desk.watch = (...args) => {
        setImmediate(resolve)
        return watch(...args)
      }
    })
    const options = { data: 'd', coordinator: 'h:1', agents: 1, seed: 1, json: false }
    const running = verifyCommand(context, undefined, options)
    await watched
    interrupt()
    expect(await running).toBe(130)
    return written.stdout
  }

  it('says what the measurements until then say, and how to go on', async () => {
    const said = await interrupted([{ kind: 'verification', verification }])
    expect(said).toMatch(/so far says:\nReference: 60 of 1,200 [^]*OUTSIDE the claim[^]*Left; /)
  })

  it('says nothing of the claim where nothing is measured yet', async () => {
    expect(await interrupted([])).not.toContain('so far')
  })
})
