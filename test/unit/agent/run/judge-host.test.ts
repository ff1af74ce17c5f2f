import { describe, expect, it } from 'vitest'
import { defaultThresholds } from '../../../../agent/host/noise.js'
import { judgeHost } from '../../../../agent/run/judge-host.js'
import type { Observed, TrialContext } from '../../../../agent/run/trial-context.js'
import type { TelemetryReading } from '../../../../shared/domain/sample.js'

const moment = (at: number) => ({ at, wall: 1000 * at })
const observed = { before: moment(0), after: moment(10) } as unknown as Observed

function judge(options: {
  readonly processIds?: readonly number[]
  readonly foreign?: readonly number[]
  readonly readings?: readonly TelemetryReading[]
  readonly deviceIds?: readonly string[]
  readonly neighbours?: readonly (readonly [string, string])[]
}) {
  const context = {
    engine: { processIds: options.processIds ?? [10] },
    cpuCount: 2,
    thresholds: defaultThresholds,
    neighbours: new Map(options.neighbours),
    watch: { readings: () => options.readings ?? [], deviceIds: options.deviceIds ?? [] },
  } as unknown as TrialContext
  return judgeHost([observed], context, options.foreign)
}

describe('judgeHost', () => {
  it('has nothing to say about a quiet host', () => {
    expect(judge({ foreign: [] })).toEqual([])
    expect(judge({})).toEqual([])
  })

  it('rejects a measurement that shared its device', () => {
    expect(judge({ foreign: [77, 78] })).toEqual([
      {
        kind: 'foreign_process',
        severity: 'invalid',
        detail: 'processes 77, 78 used the device',
      },
    ])
  })

  it('only marks it where the engine may be one of them', () => {
    expect(judge({ foreign: [77], processIds: [] })).toMatchObject([
      { kind: 'foreign_process', severity: 'marked' },
    ])
  })

  it('says who measured beside it', () => {
    expect(judge({ neighbours: [['GPU-2', 'agent-2']] })).toMatchObject([
      { kind: 'neighbour_active', detail: expect.stringContaining('agent-2 on GPU-2') as string },
    ])
  })

  it('misses the device that told nothing', () => {
    expect(judge({ deviceIds: ['GPU-1'] })).toMatchObject([{ kind: 'telemetry_gap' }])
  })
})
