import { hostname } from 'node:os'
import type { Command } from 'commander'
import { createLog } from '../../shared/process/log.js'
import type { CliContext } from '../context.js'
import { openInBrowser } from '../dashboard.js'
import { collect, wholeNumber } from '../options.js'
import { announceCoordinator } from '../processes/coordinator-address.js'

type Given = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** Commander’s `tokenFile: 'x'` as the programs’ own `--token-file x`: one parser checks both ways in. */
export function toArguments(options: Given): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (value === undefined || value === false) return []
    if (value === true) return [flag]
    return (Array.isArray(value) ? (value as readonly string[]) : [String(value)]).flatMap(
      (one) => [flag, one],
    )
  })
}

const logOf = (name: string, file: string | undefined) =>
  createLog({ name, ...(file === undefined ? {} : { file }) })

/** `fmwork coordinator` */
export function coordinatorCommand(
  context: CliContext,
  command: Command,
  done: (exit: number) => void,
): void {
  command
    .option('--data <dir>', 'data folder; one coordinator’s alone', 'fmwork-data')
    .option('--listen <host:port>', 'where to listen', '127.0.0.1:7070')
    .option('--http <host:port>', 'where to serve the dashboard; port 0 takes a free one')
    .option('--open', 'show the dashboard in a browser; on a free loopback port without --http')
    .option(
      '--tokens <file>',
      'list of tokens with roles (`fmwork tokens`); read again when it changes',
    )
    .option('--token-file <file>', 'one token for everybody; its bearer has every role')
    .option('--tls-cert <file>', 'certificate (PEM)')
    .option('--tls-key <file>', 'its key (PEM)')
    .option('--tls-client-ca <file>', 'authority that clients’ certificates must come from')
    .option('--tls-revoked <file>', 'list of revoked certificates (`fmwork certs revoke`)')
    .option('--reflection', 'let callers ask for the schema; on by itself on loopback')
    .option('--insecure', 'allow a bind beyond loopback without TLS or tokens')
    .option('--log-file <file>', 'log there instead of standard error')
    .action(async (given: Given) => {
      const { coordinatorOptions, runCoordinator } = await import('../../coordinator/main.js')
      const { open, ...rest } = given
      const served = open === true ? { http: '127.0.0.1:0', ...rest } : rest
      const { logFile, ...options } = coordinatorOptions(toArguments(served))
      let withdraw: () => void = () => undefined
      const log = logOf('coordinator', logFile)
      const exit = await runCoordinator({ ...options, log }, (address, dashboard) => {
        withdraw = announceCoordinator(options.dataDir, address)
        context.stdout.write(`Listening at ${address}.\n`)
        if (dashboard === undefined) return
        context.stdout.write(`Dashboard at ${dashboard}\n`)
        if (open === true) {
          void openInBrowser(context, dashboard, (text) => {
            context.stderr.write(`${text}\n`)
          })
        }
      })
      withdraw()
      done(exit)
    })
}

/** `fmwork agent` */
export function agentCommand(command: Command, done: (exit: number) => void): void {
  command
    .requiredOption('--coordinator <host:port>', 'the coordinator to serve')
    .option('--name <name>', 'name of this agent, stable over restarts', hostname())
    .option('--data <dir>', 'folder of this agent alone: outbox, engine logs', 'fmwork-agent')
    .option('--allow-engine <kind>', 'engine kind that may run here (repeatable)', collect, [])
    .option(
      '--allow-base-url <url>',
      'server that the openai engine may attach to (repeatable)',
      collect,
      [],
    )
    .option(
      '--allow-data <dir>',
      'folder whose traces and data sets workloads may use (repeatable); $FMWORK_DATA when absent',
      collect,
      [],
    )
    .option(
      '--engine-file <file>',
      'programs that may be started for vllm, sglang, llama-server, tgi, trtllm, command, and their bounds (docs/ENGINES.md); $FMWORK_ENGINES when absent',
    )
    .option('--cache <dir>', 'where generated models are kept')
    .option('--gpu', 'let the embedded engine use a GPU')
    .option('--hardware <class>', 'hardware class to claim instead of what is found')
    .option('--devices <count>', 'devices to claim instead of what is found', wholeNumber(1))
    .option('--token-file <file>', 'token that lets this agent in; read again when it changes')
    .option('--tls-ca <file>', 'authority of the coordinator’s certificate (PEM)')
    .option('--tls-cert <file>', 'certificate of this agent (PEM)')
    .option('--tls-key <file>', 'its key (PEM)')
    .option('--metrics-listen <host:port>', 'serve Prometheus metrics there (loopback only)')
    .option('--log-file <file>', 'log there instead of standard error')
    .action(async (given: Given) => {
      const { agentOptions, runAgent } = await import('../../agent/main.js')
      const { logFile, ...options } = agentOptions(toArguments(given))
      done(await runAgent({ ...options, log: logOf(`agent ${options.name}`, logFile) }))
    })
}
