import { createHash } from 'node:crypto'
import type { DeviceFacts, EngineFacts, Environment } from './environment.js'

/**
 * What two measurements must have in common to be compared without a word: everything but names of
 * the one machine. Paths such as `device.1.driver` to values.
 */
export type ComparableFacts = Readonly<Record<string, string>>

/** Facts that say which machine or place it was, not what it was like. */
const identities: ReadonlySet<string> = new Set(['bus_id', 'numa_node', 'board'])
const bytesPerGibibyte = 1024 ** 3

/** @param engine facts of the engine that was measured, when it is known. */
export function comparableFacts(environment: Environment, engine?: EngineFacts): ComparableFacts {
  const facts: Record<string, string> = {
    os: environment.os,
    kernel: environment.kernel,
    cpu: environment.cpuModel,
    cpus: `${environment.cpuCount}`,
    // What firmware and kernel keep for themselves differs from boot to boot.
    memory: gibibytes(environment.memoryBytes),
    agent: environment.agentVersion,
    node: environment.nodeVersion,
  }
  add(facts, 'host', environment.settings ?? {})
  const devices = environment.devices.map(deviceFacts)
  // Devices of one kind are exchangeable: their order says nothing.
  devices.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
  devices.forEach((device, index) => add(facts, `device.${index + 1}`, device))
  if (engine !== undefined) {
    facts['engine.kind'] = engine.kind
    facts['engine.version'] = engine.version
    const args = Object.entries(engine.effectiveArgs).map(([name, value]) => [name, `${value}`])
    add(facts, 'engine.args', Object.fromEntries(args) as Record<string, string>)
  }
  return facts
}

function deviceFacts(device: DeviceFacts): Record<string, string> {
  return {
    name: device.name,
    memory: gibibytes(device.memoryBytes),
    ...(device.driver === undefined ? {} : { driver: device.driver }),
    ...(device.powerLimitWatts === undefined ? {} : { power_limit: `${device.powerLimitWatts} W` }),
    ...Object.fromEntries(
      Object.entries(device.settings ?? {})
        .filter(([name]) => !identities.has(name))
        .sort(([a], [b]) => compareText(a, b)),
    ),
  }
}

function add(
  facts: Record<string, string>,
  path: string,
  more: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(more)) facts[`${path}.${name}`] = value
}

const gibibytes = (bytes: number) => `${Math.round(bytes / bytesPerGibibyte)} GiB`

/** By code units: the same on every machine, whatever its language. */
const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** 16 hexadecimal digits that are equal exactly when the facts are. Stable over versions of Node. */
export function fingerprint(facts: ComparableFacts): string {
  const lines = Object.keys(facts)
    .sort(compareText)
    .map((name) => JSON.stringify([name, facts[name]]))
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16)
}

export interface FactDifference {
  readonly fact: string
  /** Undefined where the one side does not tell. */
  readonly left: string | undefined
  readonly right: string | undefined
}

/** In what two sets of facts differ, by name; empty exactly when their fingerprints are equal. */
export function differences(left: ComparableFacts, right: ComparableFacts): FactDifference[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .sort(compareText)
    .filter((fact) => left[fact] !== right[fact])
    .map((fact) => ({ fact, left: left[fact], right: right[fact] }))
}
