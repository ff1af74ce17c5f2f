import { callerNamePattern } from '../../domain/access.js'
import type { AgentFacts, AgentPulse } from '../../domain/agent-desk.js'
import type { Environment } from '../../domain/environment.js'
import { FmworkError } from '../../domain/errors.js'
import type { AgentActivity } from '../../domain/meta-metrics.js'
import type { AgentActivity as WireActivity } from '../gen/fmwork/v1/AgentActivity.js'
import type {
  Environment as WireEnvironment,
  EnvironmentInput as WireEnvironmentInput,
} from '../gen/fmwork/v1/Environment.js'
import type {
  Heartbeat as WireHeartbeat,
  HeartbeatInput as WireHeartbeatInput,
} from '../gen/fmwork/v1/Heartbeat.js'
import type { Hello as WireHello, HelloInput as WireHelloInput } from '../gen/fmwork/v1/Hello.js'
import { leaseFromWire, leaseToWire } from './lease.js'
import { defined, invalidMessage, required } from './parts.js'

/** What an agent can say of itself before it has ever heard from a coordinator. */
export type Introduction = Omit<AgentFacts, 'clockOffsetMs'>

function environmentToWire(environment: Environment): WireEnvironmentInput {
  return {
    ...environment,
    devices: environment.devices.map((device) => defined({ ...device })),
  }
}

function environmentFromWire(wire: WireEnvironment | null): Environment {
  const { devices, settings, ...rest } = required(wire, 'hello.environment')
  return defined({
    hostname: rest.hostname,
    os: rest.os,
    kernel: rest.kernel,
    cpuModel: rest.cpuModel,
    cpuCount: rest.cpuCount,
    memoryBytes: rest.memoryBytes,
    devices: devices.map((device) =>
      defined({
        id: device.id,
        name: device.name,
        memoryBytes: device.memoryBytes,
        driver: device.driver,
        powerLimitWatts: device.powerLimitWatts,
        settings: filled(device.settings),
      }),
    ),
    agentVersion: rest.agentVersion,
    nodeVersion: rest.nodeVersion,
    settings: filled(settings),
  })
}

/** A map of the wire, where an absent one is empty. */
const filled = (map: Readonly<Record<string, string>>) =>
  Object.keys(map).length === 0 ? undefined : map

export function helloToWire(
  introduction: Introduction,
  protocol: number,
  clockMs: number,
): WireHelloInput {
  const { agent, hardware, deviceCount, engines, environment, held, data = [] } = introduction
  return {
    agent,
    protocol,
    hardware,
    deviceCount,
    engines: [...engines],
    environment: environmentToWire(environment),
    clockMs,
    held: held.map(leaseToWire),
    data: [...data],
  }
}

/** How much an agent may say of itself. */
export interface HelloBounds {
  readonly helloEntries: number
  readonly helloTextLength: number
}

const mostDevices = 65_535

/** It is kept for every agent, shown in every list, and written into every report. */
function requireBounds(wire: WireHello, bounds: HelloBounds): void {
  if (!callerNamePattern.test(wire.agent)) {
    throw invalidMessage('hello.agent', 'expected letters, digits, . _ - (at most 63)')
  }
  if (!(wire.deviceCount >= 1 && wire.deviceCount <= mostDevices)) {
    throw invalidMessage('hello.device_count', `expected 1 to ${mostDevices}`)
  }
  const { hardware, engines, environment, held, data } = wire
  const devices = environment?.devices ?? []
  for (const [field, list] of Object.entries({ engines, devices, held, data })) {
    if (list.length <= bounds.helloEntries) continue
    throw new FmworkError('LIMIT_EXCEEDED', `hello.${field}: more than ${bounds.helloEntries}`)
  }
  const texts = [environment ?? {}, ...devices, ...held].flatMap((part) => Object.values(part))
  const tooLong = [hardware, ...engines, ...data, ...texts].some(
    (text) => typeof text === 'string' && text.length > bounds.helloTextLength,
  )
  if (tooLong) {
    throw new FmworkError(
      'LIMIT_EXCEEDED',
      `hello: a text is longer than ${bounds.helloTextLength}`,
    )
  }
}

/**
 * @param wallMs the coordinator’s clock; the offset is too small by the time the hello travelled.
 * @throws FmworkError MESSAGE_INVALID, LIMIT_EXCEEDED
 */
export function factsFromHello(wire: WireHello, wallMs: number, bounds: HelloBounds): AgentFacts {
  requireBounds(wire, bounds)
  return {
    agent: wire.agent,
    hardware: wire.hardware,
    deviceCount: wire.deviceCount,
    engines: wire.engines,
    environment: environmentFromWire(wire.environment),
    clockOffsetMs: wire.clockMs - wallMs,
    held: wire.held.map(leaseFromWire),
    ...(wire.data.length === 0 ? {} : { data: wire.data }),
  }
}

const wireActivity = {
  idle: 'AGENT_ACTIVITY_IDLE',
  starting_engine: 'AGENT_ACTIVITY_STARTING_ENGINE',
  waiting_for_quiet: 'AGENT_ACTIVITY_WAITING_FOR_QUIET',
  warming_up: 'AGENT_ACTIVITY_WARMING_UP',
  measuring: 'AGENT_ACTIVITY_MEASURING',
  draining: 'AGENT_ACTIVITY_DRAINING',
} as const satisfies Record<AgentActivity, WireActivity>

function activityFromWire(wire: WireActivity): AgentActivity {
  switch (wire) {
    case 'AGENT_ACTIVITY_UNSPECIFIED':
      throw invalidMessage('heartbeat.activity', 'missing')
    case 'AGENT_ACTIVITY_IDLE':
      return 'idle'
    case 'AGENT_ACTIVITY_STARTING_ENGINE':
      return 'starting_engine'
    case 'AGENT_ACTIVITY_WAITING_FOR_QUIET':
      return 'waiting_for_quiet'
    case 'AGENT_ACTIVITY_WARMING_UP':
      return 'warming_up'
    case 'AGENT_ACTIVITY_MEASURING':
      return 'measuring'
    case 'AGENT_ACTIVITY_DRAINING':
      return 'draining'
  }
  // A newer peer’s number, which the loader hands over as it is.
  throw invalidMessage('heartbeat.activity', 'an activity this version does not know', String(wire))
}

/** What an agent says of itself at a heartbeat; the session adds what it knows of the clocks. */
export type Pulse = Omit<AgentPulse, 'clockOffsetMs'>

export function heartbeatToWire(
  pulse: Pulse,
  clockMs: number,
  clockOffsetMs: number | undefined,
): WireHeartbeatInput {
  return defined({
    eventLoopLagMs: pulse.eventLoopLagMs,
    activity: wireActivity[pulse.activity],
    utilizationPercent: pulse.utilizationPercent,
    memoryBytes: pulse.memoryBytes,
    powerWatts: pulse.powerWatts,
    clockMs,
    clockOffsetMs,
  })
}

export function pulseFromHeartbeat(wire: WireHeartbeat, wallMs: number): AgentPulse {
  return defined({
    activity: activityFromWire(wire.activity),
    eventLoopLagMs: wire.eventLoopLagMs,
    utilizationPercent: wire.utilizationPercent,
    memoryBytes: wire.memoryBytes,
    powerWatts: wire.powerWatts,
    clockOffsetMs: wire.clockOffsetMs ?? wire.clockMs - wallMs,
  })
}
