import { readdirSync, readFileSync } from 'node:fs'

/** Reads /proc; a test gives another. A process may vanish between two reads: that is undefined. */
export interface ProcFiles {
  text(path: string): string | undefined
  /** Names in a folder that are numbers: processes, threads. */
  numbers(path: string): readonly number[]
}

const mayVanish = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR', 'EINVAL'])

function unlessVanished<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch (error) {
    if (mayVanish.has((error as NodeJS.ErrnoException).code ?? '')) return otherwise
    throw error
  }
}

/** The real /proc; on a system without one everything is undefined. */
export const procFiles: ProcFiles = {
  text: (path) => unlessVanished<string | undefined>(() => readFileSync(path, 'utf8'), undefined),
  numbers: (path) =>
    unlessVanished<readonly number[]>(
      () =>
        readdirSync(path)
          .map(Number)
          .filter((entry) => Number.isInteger(entry)),
      [],
    ),
}
