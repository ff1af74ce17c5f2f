import { describe, expect, it } from 'vitest'
import { pulseFromHeartbeat } from '../../../../shared/rpc/codec/agent-facts.js'
import { grantFromWire } from '../../../../shared/rpc/codec/lease.js'
import { required } from '../../../../shared/rpc/codec/parts.js'
import { batchFromWire } from '../../../../shared/rpc/codec/report.js'
import {
  exportPartFromWire,
  watchEventFromWire,
} from '../../../../shared/rpc/codec/sweep-record.js'
import { AgentService, ControlService } from '../../../../shared/rpc/schema.js'

const report = AgentService.service.Report
const session = AgentService.service.Session

const batchOf = (item: Parameters<typeof report.requestSerialize>[0]) =>
  batchFromWire(report.requestDeserialize(report.requestSerialize(item)))

const refusal = (field: string) =>
  expect.objectContaining({
    code: 'MESSAGE_INVALID',
    problems: [expect.objectContaining({ field })],
  }) as Error

describe('a message that lacks a part names it', () => {
  it('an item without a kind', () => {
    expect(() => batchOf({ items: [{}] })).toThrow(refusal('report.items.item'))
  })

  it('a result without an outcome', () => {
    expect(() => batchOf({ items: [{ trialResult: { trialId: 't' } }] })).toThrow(
      refusal('trial_result.outcome'),
    )
  })

  it('an engine argument without a value', () => {
    expect(() => batchOf({ items: [{ engineStarted: { effectiveArgs: { slots: {} } } }] })).toThrow(
      refusal('engine_started.effective_args.slots'),
    )
  })

  it('an event and a part of nothing', () => {
    const { WatchSweep, ExportSweep } = ControlService.service
    const event = WatchSweep.responseDeserialize(WatchSweep.responseSerialize({}))
    expect(() => watchEventFromWire(event)).toThrow(refusal('watch.event'))
    const part = ExportSweep.responseDeserialize(ExportSweep.responseSerialize({}))
    expect(() => exportPartFromWire(part)).toThrow(refusal('export.part'))
  })
})

describe('a word out of its table names the table', () => {
  it('a sample’s outcome', () => {
    const items = [{ trialSamples: { samples: [{ outcome: 'fine' }] } }]
    expect(() => batchOf({ items })).toThrow(/expected one of ok, error, timeout, cancelled/)
  })

  it('a metric', () => {
    const measured = { metrics: [{ metric: 'speed' }], timing: {} }
    expect(() => batchOf({ items: [{ trialResult: { measured } }] })).toThrow(
      refusal('measurement.metrics.metric'),
    )
  })

  it('an activity nobody said, and one of a newer version', () => {
    const heartbeat = (activity: 0 | 6) => {
      const bytes = session.requestSerialize({ heartbeat: { activity } })
      const message = session.requestDeserialize(bytes).heartbeat
      if (message === null || message === undefined) throw new Error('no heartbeat')
      return message
    }
    expect(() => pulseFromHeartbeat(heartbeat(0), 0)).toThrow(refusal('heartbeat.activity'))
    expect(pulseFromHeartbeat(heartbeat(6), 0).activity).toBe('draining')
    const newer = { ...heartbeat(6), activity: 99 } as unknown as ReturnType<typeof heartbeat>
    expect(() => pulseFromHeartbeat(newer, 0)).toThrow(refusal('heartbeat.activity'))
  })
})

describe('data of a workload', () => {
  const granted = (data: object) => {
    const workload = { dataLoop: { data: { ...whole, ...data }, closedLoop: {} } }
    const message = session.responseDeserialize(
      session.responseSerialize({
        grant: { block: {}, trials: [{ configuration: {}, plan: {}, workload }] },
      }),
    )
    return grantFromWire(required(message.grant, 'grant'))
  }
  const whole = {
    file: 'a.csv',
    format: 'azure',
    sha256: 'a'.repeat(64),
    ...{ requests: 2, inputTokens: 1, outputTokens: 1, longestTokens: 2, seconds: 1 },
  }
  const place = 'grant.trials.workload.data_loop.data'

  it.each([
    ['a path', { file: '../etc/passwd' }, 'file'],
    ['an absolute path', { file: '/etc/passwd' }, 'file'],
    ['a hidden file', { file: '.env' }, 'file'],
    ['a hash that is none', { sha256: 'x' }, 'sha256'],
    ['a format of a newer version', { format: 'burst' }, 'format'],
  ])('is refused with %s', (_, data, field) => {
    expect(() => granted(data)).toThrow(refusal(`${place}.${field}`))
  })

  it('is taken as it is otherwise', () => {
    expect(granted({}).trials[0]?.workload).toMatchObject({ data: { file: 'a.csv', seconds: 1 } })
  })
})
