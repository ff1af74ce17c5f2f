import { createHash } from 'node:crypto'
import type { Scalar } from './configuration.js'
import type { DeviceFacts, EngineFacts, Environment } from './environment.js'
import type { Sweep } from './sweep.js'

/**
 * What two measurements must have in common to be compared without a word: everything but names of
 * the one machine. Paths such as `device.1.driver` to values.
 */
export type ComparableFacts = Readonly<Record<string, string>>

/** What is known of a machine: all of an {@link Environment}, or what an older report says of one. */
export type KnownEnvironment = Partial<Omit<Environment, 'devices'>> & {
  readonly devices?: readonly Partial<DeviceFacts>[]
}
export type KnownEngine = Partial<EngineFacts>

/** Facts that say which machine or place it was, not what it was like. */
const identities: ReadonlySet<string> = new Set(['bus_id', 'numa_node', 'board'])
const bytesPerGibibyte = 1024 ** 3
/** Digits of a KV capacity: the rest differs from one start of an engine to the next. */
const capacityDigits = 2

/** @param engine facts of the engine that was measured, when it is known. */
export function comparableFacts(
  environment: KnownEnvironment,
  engine?: KnownEngine,
): ComparableFacts {
  return {
    ...known({
      os: environment.os,
      kernel: environment.kernel,
      cpu: environment.cpuModel,
      cpus: environment.cpuCount,
      // What firmware and kernel keep for themselves differs from boot to boot.
      memory: gibibytes(environment.memoryBytes),
      agent: environment.agentVersion,
      node: environment.nodeVersion,
    }),
    ...under('host', environment.settings ?? {}),
    ...devicesFacts(environment.devices ?? []),
    ...(engine === undefined ? {} : under('engine', engineFacts(engine))),
  }
}

/** Devices of one kind are exchangeable: each kind is told once, with how many there are. */
function devicesFacts(devices: readonly Partial<DeviceFacts>[]): ComparableFacts {
  const kinds = new Map<string, { readonly facts: ComparableFacts; count: number }>()
  for (const device of devices) {
    const facts = deviceFacts(device)
    const key = JSON.stringify(Object.entries(facts).sort(([a], [b]) => compareText(a, b)))
    const kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, { facts, count: 1 })
    else kind.count += 1
  }
  const sorted = [...kinds].sort(([a], [b]) => compareText(a, b))
  return Object.assign(
    {},
    ...sorted.map(([, { facts, count }], index) =>
      under(`device.${index + 1}`, { ...facts, count: `${count}` }),
    ),
  ) as ComparableFacts
}

function deviceFacts(device: Partial<DeviceFacts>): ComparableFacts {
  const { powerLimitWatts: watts, settings = {} } = device
  return {
    ...known({
      name: device.name,
      memory: gibibytes(device.memoryBytes),
      driver: device.driver,
      power_limit: watts === undefined ? undefined : `${watts} W`,
    }),
    ...Object.fromEntries(Object.entries(settings).filter(([name]) => !identities.has(name))),
  }
}

function engineFacts(engine: KnownEngine): ComparableFacts {
  const { kvCapacityTokens: capacity, captureSizes } = engine
  return {
    ...known({
      kind: engine.kind,
      version: engine.version,
      kv_capacity: capacity === undefined ? undefined : capacity.toPrecision(capacityDigits),
      max_context: engine.maxContextTokens,
      capture_sizes: captureSizes?.join(' '),
    }),
    ...under('args', known(engine.effectiveArgs ?? {})),
  }
}

/** What a sweep measured and how, list positions left out: the values of each key, each once. */
export function sweepFacts({
  model,
  engines,
  workload,
  measurement,
}: Pick<Sweep, 'model' | 'engines' | 'workload' | 'measurement'>): ComparableFacts {
  return mergedFacts(leavesOf({ model, engines, workload, measurement }, 'sweep'))
}

function leavesOf(value: unknown, path: string): ComparableFacts[] {
  if (Array.isArray(value)) return value.flatMap((each) => leavesOf(each, path))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, each]) => leavesOf(each, `${path}.${key}`))
  }
  return value === undefined ? [] : [{ [path]: `${value as string | number | boolean | null}` }]
}

/** Facts of several machines, engines or parts as those of one: the values of each fact, each once. */
export function mergedFacts(all: readonly ComparableFacts[]): ComparableFacts {
  const values = new Map<string, Set<string>>()
  for (const facts of all) {
    for (const [fact, value] of Object.entries(facts)) {
      values.set(fact, (values.get(fact) ?? new Set()).add(value))
    }
  }
  return Object.fromEntries(
    [...values].map(([fact, each]) => [fact, [...each].sort(compareText).join(', ')]),
  )
}

function known(facts: Readonly<Record<string, Scalar | undefined>>): ComparableFacts {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, `${value}`]],
    ),
  )
}

const under = (path: string, facts: ComparableFacts): ComparableFacts =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${path}.${name}`, value]))

const gibibytes = (bytes: number | undefined) =>
  bytes === undefined ? undefined : `${Math.round(bytes / bytesPerGibibyte)} GiB`

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
