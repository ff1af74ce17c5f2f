import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fileOf = (dataFolder: string): string => join(dataFolder, 'coordinator.address')

/**
 * Leaves the address of a folder’s coordinator beside its data, so that commands in another terminal
 * find it. Call the answer when it has ended. After a kill the file stays behind: it is only looked
 * at while the folder is locked, hence by a coordinator that lives.
 */
export function announceCoordinator(dataFolder: string, address: string): () => void {
  writeFileSync(fileOf(dataFolder), `${address}\n`, { mode: 0o600 })
  return () => {
    if (announcedCoordinator(dataFolder) === address) rmSync(fileOf(dataFolder), { force: true })
  }
}

/** The address left in a folder; undefined where there is none. */
export function announcedCoordinator(dataFolder: string): string | undefined {
  try {
    const text = readFileSync(fileOf(dataFolder), 'utf8').trim()
    return text === '' ? undefined : text
  } catch {
    return undefined
  }
}
