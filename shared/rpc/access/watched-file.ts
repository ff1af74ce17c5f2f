import { readFileSync, statSync } from 'node:fs'

/** Changes with every change of the file. @throws when there is none. */
export function fileVersion(path: string): string {
  const { mtimeNs, size, ino } = statSync(path, { bigint: true })
  return `${mtimeNs}/${size}/${ino}`
}

/**
 * What a file says, read again whenever it has changed: asking costs one `stat`, a few microseconds.
 * Not watched through the kernel: a notice that is lost would leave a revoked caller in.
 */
export class WatchedFile<T> {
  readonly path: string
  readonly #parse: (text: string) => T
  #seen: { readonly version: string; readonly value: T } | undefined

  /** @param parse may throw; it is asked again at the next reading then. */
  constructor(path: string, parse: (text: string) => T) {
    this.path = path
    this.#parse = parse
  }

  /** @throws what reading or parsing throws: a file that is gone is no reason to go on as before. */
  read(): T {
    const version = fileVersion(this.path)
    if (this.#seen?.version === version) return this.#seen.value
    const value = this.#parse(readFileSync(this.path, 'utf8'))
    this.#seen = { version, value }
    return value
  }
}
