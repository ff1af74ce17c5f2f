import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { FmworkError } from '../../../../shared/domain/errors.js'
import { generatorVersion, presets } from './presets.js'
import type { PresetName } from './presets.js'
import { randomLlama } from './random-llama.js'

const weightsSeed = 1

/** Where generated models are kept: FMWORK_CACHE, else the XDG cache folder. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.FMWORK_CACHE !== undefined && env.FMWORK_CACHE !== '') return env.FMWORK_CACHE
  const base = env.XDG_CACHE_HOME
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'fmwork')
}

async function checksumOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return hash.digest('hex')
}

const temporaryPrefix = () => `.writing-${hostname()}-`

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes what writers of this host left behind when they were killed. */
async function removeAbandoned(folder: string): Promise<void> {
  const prefix = temporaryPrefix()
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue
    const pid = Number.parseInt(name.slice(prefix.length), 10)
    if (isAlive(pid)) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** Writes beside the target and renames: readers see the whole file or none, whoever else writes. */
async function writeWhole(folder: string, path: string, bytes: Buffer): Promise<void> {
  const temporary = await mkdtemp(join(folder, `${temporaryPrefix()}${process.pid}-`))
  try {
    const file = await open(join(temporary, 'model'), 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(join(temporary, 'model'), path)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * Path of a generated model: checked against its checksum on each use, and generated again when it
 * is absent or damaged. Any number of processes may call it at once.
 *
 * @throws FmworkError DATA_FOLDER_UNWRITABLE when the cache folder cannot be written.
 */
export async function presetFile(preset: PresetName, cacheFolder: string): Promise<string> {
  const folder = join(cacheFolder, 'models')
  const path = join(folder, `${preset}-f16-g${generatorVersion}.gguf`)
  const expected = presets[preset].sha256
  try {
    if ((await checksumOf(path)) === expected) return path
    await mkdir(folder, { recursive: true })
    await removeAbandoned(folder)
    const bytes = randomLlama(preset, presets[preset], weightsSeed)
    const actual = createHash('sha256').update(bytes).digest('hex')
    if (actual !== expected) {
      throw new FmworkError(
        'INTERNAL',
        `generated ${preset} has sha256 ${actual}, expected ${expected}`,
      )
    }
    await writeWhole(folder, path, bytes)
    return path
  } catch (error) {
    if (error instanceof FmworkError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new FmworkError('DATA_FOLDER_UNWRITABLE', `model cache ${folder}: ${reason}`, {
      hint: 'Set FMWORK_CACHE to a folder you own, or mend the permissions of this one.',
      cause: error,
    })
  }
}
