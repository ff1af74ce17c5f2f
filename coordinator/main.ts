import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { FmworkError } from '../shared/domain/errors.js'
import { systemClock } from '../shared/process/clock.js'
import { readTokenFile } from '../shared/process/config.js'
import { watchParent } from '../shared/process/exit-with-parent.js'
import { runProgram } from '../shared/process/lifecycle.js'
import type { LifecycleOptions, Running } from '../shared/process/lifecycle.js'
import { createLog } from '../shared/process/log.js'
import { readPem } from '../shared/process/program-options.js'
import type { ServerTls } from '../shared/rpc/server.js'
import { startCoordinator } from './start-coordinator.js'
import type { StartCoordinatorOptions } from './start-coordinator.js'

/** Starts a coordinator as something that runs until it is stopped. */
async function running(
  options: StartCoordinatorOptions,
  ready: (address: string) => void,
): Promise<Running> {
  const coordinator = await startCoordinator(options)
  ready(coordinator.address)
  let ended: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    ended = resolve
  })
  return {
    done,
    async stop(graceSeconds) {
      await coordinator.close(graceSeconds)
      ended()
    },
  }
}

/**
 * Runs a coordinator until a signal ends it.
 *
 * @param ready told once it listens, with the address to call.
 * @returns the process’s exit code
 */
export function runCoordinator(
  options: StartCoordinatorOptions,
  ready: (address: string) => void,
  life: Pick<LifecycleOptions, 'watchParent' | 'graceSeconds'> = {},
): Promise<number> {
  return runProgram(() => running(options, ready), {
    log: options.log,
    clock: options.clock ?? systemClock,
    graceSeconds: 2,
    ...life,
  })
}

/** @throws FmworkError USAGE */
export function coordinatorOptions(
  argv: readonly string[],
): Omit<StartCoordinatorOptions, 'log'> & { readonly logFile?: string } {
  let values
  try {
    ;({ values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        listen: { type: 'string' },
        'token-file': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'tls-client-ca': { type: 'string' },
        insecure: { type: 'boolean' },
        'log-file': { type: 'string' },
      },
    }))
  } catch (error) {
    throw new FmworkError('USAGE', error instanceof Error ? error.message : String(error))
  }
  const { data, listen, insecure } = values
  if (data === undefined || listen === undefined) {
    throw new FmworkError('USAGE', 'a coordinator needs --data and --listen')
  }
  const tokenFile = values['token-file']
  const logFile = values['log-file']
  const tls = tlsOf(values['tls-cert'], values['tls-key'], values['tls-client-ca'])
  return {
    dataDir: data,
    listen,
    ...(tokenFile === undefined ? {} : { token: readTokenFile(tokenFile) }),
    ...(tls === undefined ? {} : { tls }),
    ...(insecure === undefined ? {} : { insecure }),
    ...(logFile === undefined ? {} : { logFile }),
  }
}

function tlsOf(
  cert: string | undefined,
  key: string | undefined,
  clientCa: string | undefined,
): ServerTls | undefined {
  if (cert === undefined && key === undefined && clientCa === undefined) return undefined
  if (cert === undefined || key === undefined) {
    throw new FmworkError('USAGE', '--tls-cert and --tls-key go together')
  }
  return {
    cert: readPem(cert, '--tls-cert'),
    key: readPem(key, '--tls-key'),
    ...(clientCa === undefined ? {} : { clientCa: readPem(clientCa, '--tls-client-ca') }),
  }
}

/** The program that `fmwork run` starts: says where it listens in one line, ends with its parent. */
async function main(): Promise<number> {
  const fallback = createLog({ name: 'coordinator' })
  return runProgram(
    () => {
      const { logFile, ...options } = coordinatorOptions(process.argv.slice(2))
      const log =
        logFile === undefined ? fallback : createLog({ name: 'coordinator', file: logFile })
      return running({ ...options, log }, (address) => {
        process.stdout.write(`${JSON.stringify({ address })}\n`)
      })
    },
    { log: fallback, clock: systemClock, graceSeconds: 2, watchParent },
  )
}

if (
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  process.exit(await main())
}
