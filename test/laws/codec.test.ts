import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callerNamePattern } from '../../shared/domain/access.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { DecisionGoal, Extension } from '../../shared/domain/sweep-desk.js'
import { decisionObjectives } from '../../shared/domain/sweep.js'
import {
  factsFromHello,
  heartbeatToWire,
  helloToWire,
  pulseFromHeartbeat,
} from '../../shared/rpc/codec/agent-facts.js'
import { extensionFromWire, extensionToWire } from '../../shared/rpc/codec/extension.js'
import { grantFromWire, grantToWire } from '../../shared/rpc/codec/lease.js'
import { agentFromWire, agentToWire } from '../../shared/rpc/codec/meta-metrics.js'
import { decodeBatch, encodeBatch } from '../../shared/rpc/codec/report.js'
import {
  exportPartFromWire,
  exportPartToWire,
  watchEventFromWire,
  watchEventToWire,
} from '../../shared/rpc/codec/sweep-record.js'
import { required } from '../../shared/rpc/codec/parts.js'
import { defaultLimits } from '../../shared/rpc/limits.js'
import { AgentService, ControlService } from '../../shared/rpc/schema.js'
import * as agentValues from './codec-agent-values.js'
import * as controlValues from './codec-control-values.js'
import { count, number, partial } from './codec-parts.js'

const agentSays = AgentService.service.Session
const watch = ControlService.service.WatchSweep
const exported = ControlService.service.ExportSweep
const resume = ControlService.service.ResumeSweep
const listed = ControlService.service.ListAgents

describe('what is sent is what arrives, through the bytes themselves', () => {
  it('a batch of reports', () => {
    fc.assert(
      fc.property(agentValues.batch, (batch) => {
        expect(decodeBatch(encodeBatch(batch))).toStrictEqual(batch)
      }),
    )
  })

  it('a grant', () => {
    fc.assert(
      fc.property(agentValues.grant, (grant) => {
        const bytes = agentSays.responseSerialize({ grant: grantToWire(grant) })
        const wire = agentSays.responseDeserialize(bytes)
        expect(wire.body).toBe('grant')
        expect(grantFromWire(required(wire.grant, 'grant'))).toStrictEqual(grant)
      }),
    )
  })

  it('a hello', () => {
    const introduction = fc.record({
      agent: fc.stringMatching(callerNamePattern),
      hardware: fc.string(),
      deviceCount: fc.integer({ min: 1, max: 65_535 }),
      engines: fc.array(fc.string(), { maxLength: 3 }),
      environment: agentValues.environment,
      held: fc.array(agentValues.lease, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(introduction, fc.nat(), fc.nat(), (said, there, here) => {
        const bytes = agentSays.requestSerialize({ hello: helloToWire(said, 1, there) })
        const wire = required(agentSays.requestDeserialize(bytes).hello, 'hello')
        expect(factsFromHello(wire, here, defaultLimits)).toStrictEqual({
          ...said,
          clockOffsetMs: there - here,
        })
      }),
    )
  })

  it('a heartbeat', () => {
    fc.assert(
      fc.property(agentValues.pulse, ({ clockOffsetMs, ...pulse }) => {
        const heartbeat = heartbeatToWire(pulse, 1000, clockOffsetMs)
        const bytes = agentSays.requestSerialize({ heartbeat })
        const wire = required(agentSays.requestDeserialize(bytes).heartbeat, 'heartbeat')
        expect(pulseFromHeartbeat(wire, 0)).toStrictEqual({ ...pulse, clockOffsetMs })
      }),
    )
  })

  it('an event of a watched sweep', () => {
    fc.assert(
      fc.property(controlValues.watchEvent, (event) => {
        const bytes = watch.responseSerialize(watchEventToWire(event))
        expect(watchEventFromWire(watch.responseDeserialize(bytes))).toStrictEqual(event)
      }),
    )
  })

  it('a part of an export', () => {
    fc.assert(
      fc.property(controlValues.exportPart, (part) => {
        const bytes = exported.responseSerialize(exportPartToWire(part))
        expect(exportPartFromWire(exported.responseDeserialize(bytes))).toStrictEqual(part)
      }),
    )
  })

  it('a goal and a budget to go on with', () => {
    const decision = fc.oneof(
      fc.constant<'none'>('none'),
      partial<DecisionGoal>(
        {
          objective: fc.constantFrom(...decisionObjectives),
          inputTokens: count,
          outputTokens: count,
          probability: number,
          tolerance: number,
        },
        ['objective', 'inputTokens', 'outputTokens', 'probability', 'tolerance'],
      ),
    )
    const extension = partial<Extension>(
      {
        accuracy: number,
        confidence: number,
        deviceHours: number,
        costUsd: number,
        trials: count,
        wallTimeSeconds: number,
        decision,
      },
      ['accuracy', 'confidence', 'deviceHours', 'costUsd', 'trials', 'wallTimeSeconds', 'decision'],
    )
    fc.assert(
      fc.property(extension, (wanted) => {
        const bytes = resume.requestSerialize({ sweep: 's', ...extensionToWire(wanted) })
        const { sweep, ...wire } = resume.requestDeserialize(bytes)
        expect(sweep).toBe('s')
        const nothing = Object.keys(wanted).length === 0
        expect(extensionFromWire(wire)).toStrictEqual(nothing ? undefined : wanted)
      }),
    )
  })

  it('an agent’s status', () => {
    fc.assert(
      fc.property(controlValues.agent, (agent) => {
        const bytes = listed.responseSerialize({ agents: [agentToWire(agent)] })
        const [wire] = listed.responseDeserialize(bytes).agents
        expect(agentFromWire(required(wire, 'agent'))).toStrictEqual(agent)
      }),
    )
  })
})

describe('bytes from a stranger', () => {
  /** A value, or a refusal that names the field; nothing else. */
  const understood = (decode: () => unknown): void => {
    try {
      decode()
    } catch (error) {
      expect(error).toBeInstanceOf(FmworkError)
      expect(error).toMatchObject({ code: 'MESSAGE_INVALID' })
      expect((error as FmworkError).problems).toHaveLength(1)
    }
  }

  it('are understood or refused, never half taken', () => {
    fc.assert(
      fc.property(agentValues.batch, fc.nat(), fc.nat(255), (batch, at, byte) => {
        const bytes = encodeBatch(batch)
        if (bytes.length === 0) return
        bytes[at % bytes.length] = byte
        understood(() => decodeBatch(bytes))
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        understood(() => decodeBatch(Buffer.from(bytes)))
      }),
      { numRuns: 500 },
    )
  })
})
