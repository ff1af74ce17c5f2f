import { join, resolve } from 'node:path'
import { backUp } from '../../coordinator/store/care/backup.js'
import { prune } from '../../coordinator/store/care/prune.js'
import type { CliContext } from '../context.js'
import { createOutput } from '../output.js'
import { counted } from '../view/line.js'

export interface BackupOptions {
  readonly data: string
  readonly to?: string
  readonly json: boolean
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`

/** `fmwork backup`: copies the database while it is in use, checked, into one file. */
export async function backupCommand(context: CliContext, options: BackupOptions): Promise<number> {
  const output = createOutput(context, options.json)
  const dataDir = resolve(context.workingDirectory, options.data)
  const moment = new Date(context.clock.wall()).toISOString().replace(/[:.]/g, '-')
  const target = options.to ?? join(options.data, `fmwork-${moment}.backup`)
  const backup = await backUp(dataDir, resolve(context.workingDirectory, target))
  output.result(backup, `${target}: ${mebibytes(backup.bytes)}, whole`)
  output.note(
    `To restore it: stop the coordinator, copy it as fmwork.sqlite into an empty folder, and give that folder with --data.`,
  )
  return 0
}

export interface PruneOptions {
  readonly data: string
  readonly olderThan: number
  readonly json: boolean
}

/** `fmwork prune`: drops raw samples and telemetry of sweeps that ended long ago. */
export function pruneCommand(context: CliContext, options: PruneOptions): number {
  const output = createOutput(context, options.json)
  const before = context.clock.wall() - options.olderThan * 1000
  const pruned = prune(resolve(context.workingDirectory, options.data), before)
  const { sweeps, samples, readings, bytesBefore, bytesAfter } = pruned
  output.result(
    pruned,
    `${counted(samples, 'sample')} and ${counted(readings, 'reading')} of ${counted(sweeps, 'sweep')} dropped; ${mebibytes(bytesBefore)} -> ${mebibytes(bytesAfter)}`,
  )
  return 0
}
