import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import type { Engine, EngineDemand, RunningEngine } from '../engine.js'
import type { EngineRegister } from '../keeper/engine-register.js'
import { probeServer } from '../openai/endpoint-probe.js'
import { argumentWords, rulesOf } from '../permit/command-line.js'
import type { ServerPermit } from '../permit/engine-permits.js'
import { permittedModel } from '../permit/model-permit.js'
import { scopedName, visibleDevices } from '../process/device-scope.js'
import { inheritedEnvironment } from '../process/inherited-environment.js'
import { EngineLog } from '../process/log-tail.js'
import { toleranceBytes, untilFree } from './device-memory.js'
import type { ReadDeviceMemory } from './device-memory.js'
import { awaitFirstToken, nameServed } from './first-token.js'
import { freePort } from './free-port.js'
import { pythonPackages } from './python-packages.js'
import { RunningServer } from './running-server.js'
import { ServerClient } from './server-client.js'
import type { LaunchOrder, ServerKind } from './server-kind.js'
import { ServerProcess } from './server-process.js'
import { serverFacts } from './server-facts.js'

export interface ServerEngineOptions {
  readonly permit: ServerPermit
  /** Folder for its log and its working folder. */
  readonly stateDir: string
  readonly log?: Log
  readonly clock: Clock
  readonly deviceMemory: ReadDeviceMemory
  /** Engines of this host; those that an agent left behind are waited for. */
  readonly register?: EngineRegister
}

/** A port that was free may be taken by the time the server wants it. */
const portAttempts = 3
/** How long the devices may take to be free, beyond the end of the last process. */
const deviceFreeSeconds = 30

/** Starts one kind of server as the agent’s own configuration permits. */
export function createServerEngine(kind: ServerKind, options: ServerEngineOptions): Engine {
  const { clock, deviceMemory, permit } = options
  const rules = rulesOf(kind.rules, permit)
  /** By devices: what they held before the engine that ran there last, until it is seen to be back. */
  const before = new Map<string, ReadonlyMap<string, number>>()
  const memoryOf = async (devices: readonly string[] | undefined) => {
    const held = await deviceMemory()
    if (held === undefined || devices === undefined) return held
    return new Map([...held].filter(([device]) => devices.includes(device)))
  }
  const devicesFree = async (devices: readonly string[] | undefined): Promise<void> => {
    const scope = devices?.join() ?? ''
    const read = () => memoryOf(devices)
    const busy = await untilFree(before.get(scope), read, deviceFreeSeconds, clock)
    if (busy === undefined) {
      before.delete(scope)
      return
    }
    throw new FmworkError('ENGINE_FAILED', `the ${kind.kind} engine has ended, but ${busy}`, {
      hint: 'Look with nvidia-smi for what still holds the device.',
    })
  }

  return {
    kind: kind.kind,
    async start(demand, signal) {
      signal.throwIfAborted()
      const { block } = demand
      const given = argumentWords(kind.kind, rules, block.engineArgs)
      const model = permittedModel(kind.kind, permit, block.model)
      const { devices } = demand
      await options.register?.orphansGone(devices ?? [], signal)
      await devicesFree(devices)
      const held = await memoryOf(devices)
      if (held !== undefined) before.set(devices?.join() ?? '', held)
      const launch = { kind, options, demand, given, model }
      try {
        return await startOn(launch, signal, () => devicesFree(devices))
      } catch (error) {
        // The next start waits for the devices in any case; this one has its own story.
        await devicesFree(devices).catch(() => undefined)
        throw startFailure(error, held)
      }
    },
  }
}

/**
 * Too little memory on a device that others held memory of is no fact about the configuration.
 *
 * @param held bytes by device before the start.
 */
function startFailure(error: unknown, held: ReadonlyMap<string, number> | undefined): unknown {
  if (!(error instanceof FmworkError) || error.code !== 'CONFIGURATION_INFEASIBLE') return error
  const taken = [...(held ?? [])].filter(([, bytes]) => bytes > toleranceBytes)
  if (taken.length === 0 || !/memory|cache/i.test(error.message)) return error
  const words = taken.map(([device, bytes]) => `${device} held ${(bytes / 2 ** 30).toFixed(1)} GiB`)
  return new FmworkError(
    'ENGINE_FAILED',
    `${error.message}\n  ${words.join(', ')} before the start, so this says nothing of the configuration`,
    {
      hint: 'Find out with nvidia-smi or amd-smi what uses the device, and give every agent devices of its own.',
      cause: error,
    },
  )
}

interface Launch {
  readonly kind: ServerKind
  readonly options: ServerEngineOptions
  readonly demand: EngineDemand
  /** What the sweep sets, as words of a command line. */
  readonly given: readonly string[]
  readonly model: string
}

async function startOn(
  launch: Launch,
  signal: AbortSignal,
  devicesFree: () => Promise<void>,
): Promise<RunningEngine> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const process = await spawnServer(launch, port)
    try {
      return await serving(launch, process, port, signal, devicesFree)
    } catch (error) {
      const taken = process.fault()?.fault === 'port in use'
      await process.condemn('did not come up')
      signal.throwIfAborted()
      if (!taken || attempt >= portAttempts) throw error
      launch.options.log?.warn({ engine: launch.kind.kind, port }, 'port was taken, trying another')
    }
  }
}

function orderOf({ options, demand, model }: Launch, port: number): LaunchOrder {
  return {
    model,
    servedName: demand.block.model,
    port,
    tensorParallel: demand.block.tensorParallel,
    demand,
    given: new Set(Object.keys(demand.block.engineArgs)),
    // Absolute: the server runs inside it, and is told its path.
    workFolder: resolve(options.stateDir, scopedName('engine-work', demand.devices)),
  }
}

const environmentOf = ({ kind, options, demand }: Launch): Record<string, string> => ({
  ...inheritedEnvironment(),
  ...visibleDevices(demand.devices),
  ...kind.env,
  ...options.permit.env,
})

function spawnServer(launch: Launch, port: number): Promise<ServerProcess> {
  const { kind, options, given } = launch
  const { permit, stateDir, clock } = options
  const order = orderOf(launch, port)
  mkdirSync(order.workFolder, { recursive: true })
  return ServerProcess.start(kind.kind, {
    executable: permit.executable,
    args: [
      ...(permit.launch ?? kind.launch),
      ...kind.commandLine(order),
      ...given,
      ...permit.fixed_args,
    ],
    env: environmentOf(launch),
    cwd: order.workFolder,
    log: new EngineLog(
      join(stateDir, `${scopedName(`engine-${kind.kind}`, launch.demand.devices)}.log`),
    ),
    graceSeconds: permit.stop_seconds,
    clock,
    ...(launch.demand.devices === undefined ? {} : { devices: launch.demand.devices }),
    ...(options.register === undefined ? {} : { register: options.register }),
  })
}

async function serving(
  launch: Launch,
  process: ServerProcess,
  port: number,
  signal: AbortSignal,
  devicesFree: () => Promise<void>,
): Promise<RunningEngine> {
  const { kind, options, demand } = launch
  const { clock, permit } = options
  const gone = new AbortController()
  void process.exited.then(() => gone.abort(process.diagnosis))
  const alive = AbortSignal.any([signal, gone.signal])
  const client = new ServerClient(`http://127.0.0.1:${port}`, alive)
  // While it loads its model: it costs the start nothing.
  const packages = pythonPackages(permit.executable, environmentOf(launch))
  try {
    await awaitFirstToken({
      client,
      process,
      model: demand.block.model,
      startSeconds: permit.start_seconds,
      clock,
      signal: alive,
    })
    const model = await nameServed(client, demand.block.model)
    const { baseUrl } = client
    const server = await probeServer({
      ...{ baseUrl, model, api: 'completions', apiKey: undefined },
      signal: alive,
    })
    const told = await kind.ask(client)
    const described = kind.commandLine({ ...orderOf(launch, 0), workFolder: '.' })
    const installed = await packages
    const facts = serverFacts(kind, process.firstLines(), server, told, {
      ...(installed === undefined ? {} : { packages: installed }),
      args: demand.block.engineArgs,
      commandLine: [...described, ...launch.given, ...permit.fixed_args],
    })
    const most = facts.maxContextTokens
    if (most !== undefined && most < demand.maxContextTokens) {
      throw new FmworkError(
        'CONFIGURATION_INFEASIBLE',
        `the ${kind.kind} engine serves contexts of ${most} tokens, ${demand.maxContextTokens} are needed`,
      )
    }
    alive.throwIfAborted()
    return new RunningServer({ kind, process, server, model, facts, client, options, devicesFree })
  } catch (error) {
    // Requests break before the word of the process’s end arrives; the end tells why.
    signal.throwIfAborted()
    throw process.diagnosis ?? error
  }
}
