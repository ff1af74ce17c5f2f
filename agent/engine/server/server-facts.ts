import type { EngineFacts } from '../../../shared/domain/environment.js'
import type { Scalar } from '../../../shared/domain/configuration.js'
import type { ProbedServer } from '../openai/endpoint-probe.js'
import { withoutSecrets } from '../permit/command-line.js'
import type { ServerKind } from './server-kind.js'
import { merged } from './told.js'
import type { Told } from './told.js'

/** What is known of a server that is up: its log, its answers, and what it was started with. */
export function serverFacts(
  kind: ServerKind,
  logLines: readonly string[],
  probed: ProbedServer,
  answered: Told,
  started: {
    readonly args: Readonly<Record<string, Scalar>>
    /** Without its port, which differs from start to start. */
    readonly commandLine: readonly string[]
    /** What it computes with, by name and version; absent for a program that is no Python. */
    readonly packages?: string
  },
): EngineFacts {
  const told = merged(
    {
      ...(probed.version === 'unknown' ? {} : { version: probed.version }),
      ...(probed.maxContextTokens === undefined
        ? {}
        : { maxContextTokens: probed.maxContextTokens }),
    },
    kind.readLog(logLines),
    answered,
  )
  const { version = 'unknown', args, ...facts } = told
  return {
    kind: kind.kind,
    version,
    effectiveArgs: {
      ...args,
      ...started.args,
      command_line: withoutSecrets(started.commandLine).join(' '),
      ...(started.packages === undefined ? {} : { packages: started.packages }),
    },
    ...facts,
  }
}
