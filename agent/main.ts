import { realpathSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FmworkError } from '../shared/domain/errors.js'
import { systemClock } from '../shared/process/clock.js'
import { watchParent } from '../shared/process/exit-with-parent.js'
import { runProgram } from '../shared/process/lifecycle.js'
import type { LifecycleOptions } from '../shared/process/lifecycle.js'
import { createLog } from '../shared/process/log.js'
import { given } from '../shared/process/program-options.js'
import { tokenFromFile } from '../shared/rpc/access/token-source.js'
import { checkChannelTls, tlsFromFiles } from '../shared/rpc/tls.js'
import type { ChannelTls } from '../shared/rpc/tls.js'
import { permitsVariable, readPermits } from './engine/permit/read-permits.js'
import { startAgent } from './start-agent.js'
import type { StartAgentOptions } from './start-agent.js'

/** Folders of data, for agents that no command line tells of any: those of `fmwork run`. */
const dataVariable = 'FMWORK_DATA'

/** Runs an agent until a signal ends it. @returns the process’s exit code */
export function runAgent(
  options: StartAgentOptions,
  life: Pick<LifecycleOptions, 'watchParent' | 'graceSeconds'> = {},
): Promise<number> {
  return runProgram(() => startAgent(options), {
    log: options.log,
    clock: options.clock ?? systemClock,
    ...life,
  })
}

/** @throws FmworkError USAGE */
export function agentOptions(argv: readonly string[]): Omit<StartAgentOptions, 'log'> & {
  readonly logFile?: string
} {
  let values
  try {
    ;({ values } = parseArgs({
      args: [...argv],
      options: {
        coordinator: { type: 'string' },
        name: { type: 'string' },
        data: { type: 'string' },
        'allow-engine': { type: 'string', multiple: true },
        'allow-base-url': { type: 'string', multiple: true },
        'allow-data': { type: 'string', multiple: true },
        'engine-file': { type: 'string' },
        cache: { type: 'string' },
        gpu: { type: 'boolean' },
        hardware: { type: 'string' },
        devices: { type: 'string' },
        'token-file': { type: 'string' },
        'tls-ca': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'metrics-listen': { type: 'string' },
        'log-file': { type: 'string' },
      },
    }))
  } catch (error) {
    throw new FmworkError('USAGE', error instanceof Error ? error.message : String(error))
  }
  const { coordinator, name, data } = values
  if (coordinator === undefined || name === undefined || data === undefined) {
    throw new FmworkError('USAGE', 'an agent needs --coordinator, --name and --data')
  }
  const devices = values.devices === undefined ? undefined : Number(values.devices)
  if (devices !== undefined && !(Number.isInteger(devices) && devices >= 1)) {
    throw new FmworkError('USAGE', '--devices is not a count', {
      problems: [
        { field: '--devices', value: values.devices ?? '', expected: 'expected 1 or more' },
      ],
    })
  }
  const pem = (name: 'tls-ca' | 'tls-cert' | 'tls-key') => {
    const path = values[name]
    return path === undefined ? undefined : { field: `--${name}`, path }
  }
  const tls = given({ ca: pem('tls-ca'), cert: pem('tls-cert'), key: pem('tls-key') })
  const tokenFile = values['token-file']
  return {
    coordinator,
    name,
    stateDir: data,
    ...engineOptions(values['allow-engine'], values['engine-file']),
    ...given({
      allowedBaseUrls: values['allow-base-url'],
      dataFolders: dataFolders(values['allow-data']),
      cacheFolder: values.cache,
      gpu: values.gpu,
      hardware: values.hardware,
      deviceCount: devices,
      token: tokenFile === undefined ? undefined : tokenFromFile(tokenFile),
      tls:
        Object.keys(tls).length === 0 ? undefined : tlsFromFiles<ChannelTls>(tls, checkChannelTls),
      metricsListen: values['metrics-listen'],
      logFile: values['log-file'],
    }),
  }
}

/**
 * What may run here. The engine file says how; it also says what, unless kinds are named. It is
 * local: a command line or a variable of this agent’s own environment names it, never the wire.
 */
function engineOptions(
  named: readonly string[] | undefined,
  file = process.env[permitsVariable],
): Pick<StartAgentOptions, 'engines' | 'permits'> {
  if (file === undefined || file === '') return { engines: named ?? [] }
  const permits = readPermits(file)
  return { engines: named ?? Object.keys(permits), permits }
}

/** Local as the engine file is, for the same reason. */
function dataFolders(
  named: readonly string[] | undefined,
  listed = process.env[dataVariable],
): readonly string[] | undefined {
  if (named !== undefined || listed === undefined) return named
  return listed.split(delimiter).filter((folder) => folder !== '')
}

/** The program that `fmwork run` starts: it ends with the parent that holds its standard input. */
async function main(): Promise<number> {
  const fallback = createLog({ name: 'agent' })
  return runProgram(
    () => {
      const { logFile, ...options } = agentOptions(process.argv.slice(2))
      const log = createLog({
        name: `agent ${options.name}`,
        ...(logFile === undefined ? {} : { file: logFile }),
      })
      return startAgent({ ...options, log })
    },
    { log: fallback, clock: systemClock, watchParent },
  )
}

if (
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  process.exit(await main())
}
