import { join } from 'node:path'
import { FmworkError } from '../../shared/domain/errors.js'

/** The command lines of the two programs, in one place. */
export function coordinatorArguments(options: {
  readonly dataFolder: string
  readonly listen?: string
  readonly http?: string
}): string[] {
  return [
    '--data',
    options.dataFolder,
    '--listen',
    options.listen ?? '127.0.0.1:0',
    ...(options.http === undefined ? [] : ['--http', options.http]),
  ]
}

export function agentArguments(options: {
  readonly name: string
  readonly address: string
  readonly dataFolder: string
  readonly engines: readonly string[]
}): string[] {
  return [
    '--coordinator',
    options.address,
    '--name',
    options.name,
    '--data',
    join(options.dataFolder, 'agents', options.name),
    ...options.engines.flatMap((kind) => ['--allow-engine', kind]),
  ]
}

/** The HOST:PORT of a coordinator’s ready line. */
export function readyAddress(ready: Readonly<Record<string, unknown>>): string {
  const { address } = ready
  if (typeof address === 'string') return address
  throw new FmworkError(
    'INTERNAL',
    `the coordinator’s ready line has no address: ${JSON.stringify(ready)}`,
  )
}

/** Where a browser finds the dashboard, by a coordinator’s ready line. */
export function readyDashboard(ready: Readonly<Record<string, unknown>>): string | undefined {
  return typeof ready.dashboard === 'string' ? ready.dashboard : undefined
}
