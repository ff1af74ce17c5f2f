import { readFileSync, statSync } from 'node:fs'

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
    const version = this.#version()
    if (this.#seen?.version === version) return this.#seen.value
    const value = this.#parse(readFileSync(this.path, 'utf8'))
    this.#seen = { version, value }
    return value
  }

  #version(): string {
    const { mtimeNs, size, ino } = statSync(this.path, { bigint: true })
    return `${mtimeNs}/${size}/${ino}`
  }
}
