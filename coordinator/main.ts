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
import { given } from '../shared/process/program-options.js'
import { checkServerTls, tlsFromFiles } from '../shared/rpc/tls.js'
import type { ServerTls, TlsSource } from '../shared/rpc/tls.js'
import { startCoordinator } from './start-coordinator.js'
import type { StartCoordinatorOptions } from './start-coordinator.js'

/** Told once it listens: the address to call, and where its dashboard is, if there is one. */
export type Ready = (address: string, dashboard: string | undefined) => void

/** Starts a coordinator as something that runs until it is stopped. */
async function running(options: StartCoordinatorOptions, ready: Ready): Promise<Running> {
  const coordinator = await startCoordinator(options)
  ready(coordinator.address, coordinator.dashboard)
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
 * @returns the process’s exit code
 */
export function runCoordinator(
  options: StartCoordinatorOptions,
  ready: Ready,
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
export function coordinatorOptions(argv: readonly string[]): Omit<
  StartCoordinatorOptions,
  'log' | 'tls'
> & {
  readonly tls?: TlsSource<ServerTls>
  readonly logFile?: string
} {
  let values
  try {
    ;({ values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        listen: { type: 'string' },
        http: { type: 'string' },
        'token-file': { type: 'string' },
        tokens: { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'tls-client-ca': { type: 'string' },
        'tls-revoked': { type: 'string' },
        reflection: { type: 'boolean' },
        insecure: { type: 'boolean' },
        'log-file': { type: 'string' },
      },
    }))
  } catch (error) {
    throw new FmworkError('USAGE', error instanceof Error ? error.message : String(error))
  }
  const { data, listen } = values
  if (data === undefined || listen === undefined) {
    throw new FmworkError('USAGE', 'a coordinator needs --data and --listen')
  }
  const tokenFile = values['token-file']
  const tls = tlsOf(values['tls-cert'], values['tls-key'], values['tls-client-ca'])
  return {
    dataDir: data,
    listen,
    ...given({
      token: tokenFile === undefined ? undefined : readTokenFile(tokenFile),
      http: values.http,
      tokenList: values.tokens,
      revokedList: values['tls-revoked'],
      tls,
      reflection: values.reflection,
      insecure: values.insecure,
      logFile: values['log-file'],
    }),
  }
}

function tlsOf(
  cert: string | undefined,
  key: string | undefined,
  clientCa: string | undefined,
): TlsSource<ServerTls> | undefined {
  if (cert === undefined && key === undefined && clientCa === undefined) return undefined
  if (cert === undefined || key === undefined) {
    throw new FmworkError('USAGE', '--tls-cert and --tls-key go together')
  }
  const clientAuthority = { field: '--tls-client-ca', path: clientCa ?? '' }
  return tlsFromFiles<ServerTls>(
    {
      cert: { field: '--tls-cert', path: cert },
      key: { field: '--tls-key', path: key },
      ...(clientCa === undefined ? {} : { clientCa: clientAuthority }),
    },
    checkServerTls,
  )
}

/** The program that `fmwork run` starts: says where it listens in one line, ends with its parent. */
async function main(): Promise<number> {
  const fallback = createLog({ name: 'coordinator' })
  return runProgram(
    () => {
      const { logFile, ...options } = coordinatorOptions(process.argv.slice(2))
      const log =
        logFile === undefined ? fallback : createLog({ name: 'coordinator', file: logFile })
      return running({ ...options, log }, (address, dashboard) => {
        process.stdout.write(`${JSON.stringify({ address, dashboard })}\n`)
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
