import { describe, expect, it } from 'vitest'
import { noPaint } from '../../../../cli/view/colour.js'
import { widthOf } from '../../../../cli/view/line.js'
import { renderStatus, statusLine } from '../../../../cli/view/render-status.js'
import type { AgentStatus, SweepStatus } from '../../../../shared/domain/meta-metrics.js'
import { accuracyOf, freshStatus, statusOf, uncalibrated } from '../sample-status.js'

const text = (status: SweepStatus, width = 140): string =>
  renderStatus(status, { width, paint: noPaint }).join('\n')

describe('what a person reads before anything is known', () => {
  it('is that it is not known, never a figure', () => {
    const shown = text(freshStatus())
    expect(shown).toContain('time left not known yet')
    expect(shown).toMatch(/full grid\s+not known before the third measurement/)
    expect(shown).toMatch(/gain so far\s+not known before the third measurement/)
    expect(shown).not.toMatch(/NaN|Infinity|undefined/)
    expect(statusLine(freshStatus())).not.toMatch(/NaN|Infinity|undefined|gain|left/)
  })

  it('is no forecast from one measurement, and no dash in its place', () => {
    const unknown = { value: NaN, low: NaN, high: NaN }
    const one = statusOf({ measured: 1, fullGridDeviceSeconds: unknown, gain: unknown })
    expect(text(one)).toMatch(/full grid\s+not known before the third measurement/)
    expect(text(one)).not.toMatch(/ – *[,a]/)
    expect(statusLine(one)).not.toContain('gain')
  })

  it('breaks lines of a narrow terminal and cuts none', () => {
    const narrow = text(statusOf({ accuracy: [uncalibrated('output_throughput')] }), 60)
    expect(narrow).not.toContain('…')
    expect(narrow.replace(/\s+/g, ' ')).toContain('noise not known yet')
  })

  it('is that accuracy is not known without any metric', () => {
    expect(text(statusOf({ accuracy: [] }))).toContain(
      'accuracy over all 1,200 configurations: not known yet',
    )
  })

  it('is that no agent has connected, while it runs', () => {
    expect(text(freshStatus())).toContain('no agent has connected yet')
    const sweep = { ...statusOf().sweep, state: 'COMPLETED', reason: 'enough' } as const
    expect(text(statusOf({ sweep }))).not.toContain('no agent')
  })
})

describe('an accuracy that audits do not back yet', () => {
  const status = statusOf({ accuracy: [uncalibrated('ttft'), accuracyOf('itl')] })

  it('is called not yet calibrated, and the belief behind it is not shown', () => {
    const shown = text(status)
    expect(shown).toMatch(/ttft\s+not yet calibrated \(2 of 6 audits\)\s+noise not known yet/)
    expect(shown).not.toContain('99.9')
    expect(statusLine(status)).toContain('ttft not yet calibrated (2 of 6 audits)')
    expect(statusLine(status)).not.toContain('99.9')
  })

  it('stands beside one that they do back, with its interval and floor', () => {
    expect(text(status)).toMatch(
      /itl\s+92\.0 % \(90\.0 – 94\.0\)\s+70\.0 % within 5 %\s+noise floor 2\.0 %; 20 of 6 audits/,
    )
  })
})

describe('a gain', () => {
  it('names what it is against, and that this is a forecast', () => {
    const reference = 'against measuring all 1,200 configurations once, forecast'
    expect(text(statusOf())).toContain(`25.0x (23.3x – 27.5x) ${reference}`)
    expect(statusLine(statusOf())).toContain(`gain 25.0x ${reference}`)
  })

  it('is no forecast once the full grid’s cost is known exactly', () => {
    const fullGridDeviceSeconds = { value: 120, low: 120, high: 120 }
    const line = statusLine(statusOf({ fullGridDeviceSeconds }))
    expect(line).toContain('against measuring all 1,200 configurations once')
    expect(line).not.toContain('forecast')
  })
})

describe('the cost', () => {
  it('is split into what it went to', () => {
    expect(text(statusOf())).toMatch(
      /spent\s+120 device-s \(set-up 10\.0 s, warm-up 20\.0 s, measured 1 min 20 s, gaps 10\.0 s\)/,
    )
  })

  it('is money and energy only where those are known', () => {
    expect(text(statusOf())).not.toMatch(/USD| J[ ,]/)
    const spent = { ...statusOf().spent, costUsd: 1.5, energyJoules: 12_345 }
    expect(text(statusOf({ spent }))).toContain('120 device-s, 1.50 USD, 12,345 J (')
  })

  it('counts the audits, and every trial that gave no measurement', () => {
    expect(text(statusOf({ infeasible: 1, failed: 5 }))).toContain(
      '40 measured (8 audits) · 2 pending · 1 infeasible · 3 invalid · 5 failed · of 1,200 configurations',
    )
  })
})

describe('the rest of the picture', () => {
  it('says how the reference stands only when one was ordered', () => {
    expect(text(statusOf())).not.toContain('reference')
    expect(text(statusOf({ verifyOrdered: 60, verifyMeasured: 12 }))).toContain(
      '12 of 60 configurations measured to verify the claim',
    )
  })

  it('shows an agent with what is known of it, and one that is gone as gone', () => {
    const agent: AgentStatus = {
      agent: 'agent-1',
      hardware: 'cpu',
      deviceCount: 1,
      engines: ['simulated'],
      connected: true,
      activity: 'warming_up',
      eventLoopLagMs: 0,
      clockOffsetMs: 0,
    }
    const busy = { ...agent, agent: 'agent-2', utilizationPercent: 71.6, powerWatts: 300.4 }
    const gone = { ...agent, agent: 'agent-3', connected: false }
    const shown = text(statusOf({ agents: [agent, busy, gone] }))
    expect(shown).toMatch(/agent-1\s+cpu\s+warming up$/m)
    expect(shown).toMatch(/agent-2\s+cpu\s+warming up\s+72 % busy\s+300 W$/m)
    expect(shown).toMatch(/agent-3\s+cpu\s+not connected$/m)
  })

  it('says how long is left once that is known', () => {
    expect(text(statusOf())).toContain('time left not known yet')
    expect(text(statusOf({ etaSeconds: 90 }))).toContain('about 1 min 30 s left')
    expect(statusLine(statusOf({ etaSeconds: 90 }))).toContain('· about 1 min 30 s left ·')
  })

  it('says why a sweep ended in place of the time left', () => {
    const sweep = { ...statusOf().sweep, state: 'COMPLETED', reason: 'the goal is shown' } as const
    const shown = text(statusOf({ sweep }))
    expect(shown).toContain('the goal is shown')
    expect(shown).not.toContain(' left')
  })

  it.each([20, 40, 79, 140])('is never wider than %i columns', (width) => {
    for (const line of renderStatus(statusOf(), { width, paint: noPaint })) {
      expect(widthOf(line)).toBeLessThanOrEqual(width)
    }
  })

  it('says whose level changed, by how much, and which trials are suspect', () => {
    const change = {
      agent: 'gpu-2',
      after: Date.UTC(2026, 0, 2, 3, 4, 5),
      by: Date.UTC(2026, 0, 2, 3, 9, 5),
      before: 30,
      since: 4,
      suspect: 'since',
      shifts: [{ metric: 'itl', ratio: { value: 1.098, low: 1.081, high: 1.116 } }],
    } as const
    const shown = text(statusOf({ changes: [change] }))
    expect(shown).toContain('agent gpu-2: itl +9.8 % (90 %: +8.1 to +11.6)')
    expect(shown).toContain('suspect: the 4 trials since')
    expect(statusLine(statusOf({ changes: [change] }))).toContain('LEVEL CHANGED agent gpu-2')
    expect(text(statusOf())).not.toContain('levels that changed')
  })

  it('says which agents are off the mean of their class, and whose the surface is', () => {
    const node = (agent: string, value: number) => ({
      ...{ agent, hardware: 'H100', trials: 20 },
      ratios: [
        { metric: 'itl' as const, ratio: { value, low: value - 0.013, high: value + 0.014 } },
      ],
    })
    const shown = text(statusOf({ nodes: [node('gpu-1', 1.042), node('gpu-2', 1.001)] }))
    expect(shown).toContain('agent gpu-1: 4.2 % slower (2.9 to 5.6) in itl')
    expect(shown).not.toContain('agent gpu-2:')
    expect(shown).toContain('the surface is of the mean of the 2 agents of H100')
    const alike = text(statusOf({ nodes: [node('gpu-1', 1), node('gpu-2', 1)] }))
    expect(alike).toContain('none is seen to be off the mean')
    expect(text(statusOf())).not.toContain('agents of one class')
  })

  it('says what it started from, and whether that helps', () => {
    const past = {
      origins: [{ origin: 'on-a100', rows: 120 }],
      metrics: [{ metric: 'ttft', used: false, forecasts: 25, errorWith: 0.3, errorWithout: 0.1 }],
    } as const
    const shown = text(statusOf({ past }))
    expect(shown).toContain('120 measurements of on-a100')
    expect(shown).toContain('ttft does without them: forecasts off by 30 % with, 10 % without')
    expect(text(statusOf({}))).not.toContain('started from')
  })

  it('says what longer runs told, and that a proven bias makes it worth nothing', () => {
    const harvest = {
      harvested: 84,
      checks: 1,
      trusted: true,
      biases: [
        {
          metric: 'itl' as const,
          bias: { value: 0.004, low: -0.002, high: 0.01 },
          distrusted: false,
        },
      ],
    }
    const shown = text(statusOf({ harvest }))
    expect(shown).toContain('84 configurations')
    expect(shown).toContain('1 check against runs of their own: itl +0.4 % (90 %: -0.2 to +1.0)')
    const biased = text(statusOf({ harvest: { ...harvest, trusted: false } }))
    expect(biased).toContain('not trusted')
    expect(biased).toContain('counts for nothing')
    expect(text(statusOf({}))).not.toContain('longer run')
  })
})
