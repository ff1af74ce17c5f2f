import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FmworkError } from '../domain/errors.js'
import { createRandom } from '../stats/random.js'
import type { Clock } from './clock.js'
import { processStart } from './process-start.js'

/** Who holds a lock or waits for it. A pid alone is reused; with its start time it is not. */
interface Holder {
  readonly id: string
  readonly pid: number
  readonly startTicks?: number
  /** Its name, for whoever waits. */
  readonly agent: string
  /** Absent for one that measures. */
  readonly computes?: true
}

/** Another that measures on this host, on devices of its own. */
export interface Neighbour {
  readonly agent: string
  readonly device: string
}

export interface QuietLockOptions {
  readonly clock: Clock
  readonly agent: string
  /**
   * The holder measures nothing and only keeps measurements away while it computes: what it takes
   * from others is seen in their host’s counters, and it is nobody’s neighbour.
   */
  readonly computes?: boolean
  /** What must be quiet: `cpu`, or device UUIDs. */
  readonly devices: readonly string[]
  /** Shared by all agents of the host. */
  readonly folder?: string
  /** Say whether a process lives and when it started; a test gives others. */
  readonly alive?: (pid: number) => boolean
  readonly startOf?: typeof processStart
}

/** Seconds between looks at a lock that another holds: a hand-over costs half of that on average. */
const lookEverySeconds = 0.012

function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isDenied(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
}

/**
 * The right to measure on a host’s devices: one holder at a time over all agents of the host, first
 * come, first served. A lock is a file that a crash leaves behind; the next in the queue sees that
 * its process is gone and takes it.
 */
export class QuietLock {
  readonly #clock: Clock
  readonly #agent: string
  readonly #computes: boolean
  readonly #devices: readonly string[]
  readonly #folder: string
  readonly #alive: (pid: number) => boolean
  readonly #startOf: typeof processStart
  readonly #startTicks: number | undefined
  readonly #random = createRandom(process.pid)

  /** @throws FmworkError DATA_FOLDER_UNWRITABLE when the lock folder cannot be made. */
  constructor(options: QuietLockOptions) {
    this.#clock = options.clock
    this.#agent = options.agent
    this.#computes = options.computes === true
    // One order for all: two agents with overlapping device sets never wait for each other.
    this.#devices = [...new Set(options.devices)].sort()
    this.#folder = options.folder ?? join(tmpdir(), 'fmwork-locks')
    this.#alive = options.alive ?? processAlive
    this.#startOf = options.startOf ?? processStart
    this.#startTicks = this.#startOf(process.pid)
    try {
      const made = mkdirSync(this.#folder, { recursive: true })
      // Agents of several users share it; the sticky bit keeps them from removing each other’s files.
      if (made !== undefined) chmodSync(this.#folder, 0o1777)
    } catch (error) {
      throw this.#unwritable(error)
    }
  }

  /**
   * Waits until every device is free of other measurements, then holds them.
   *
   * @param onWait called once if it has to wait, with the name of the agent that holds it.
   * @param devices some of its devices; all when absent.
   * @returns releases; idempotent.
   */
  async acquire(
    signal: AbortSignal,
    onWait: (holder: string) => void,
    devices: readonly string[] = this.#devices,
  ): Promise<() => void> {
    const held: (() => void)[] = []
    const releaseAll = () => {
      for (const release of held.splice(0).reverse()) release()
    }
    let told = false
    const onFirstWait = (holder: string) => {
      if (told) return
      told = true
      onWait(holder)
    }
    try {
      for (const device of [...devices].sort())
        held.push(await this.#take(device, signal, onFirstWait))
    } catch (error) {
      releaseAll()
      throw isDenied(error) ? this.#unwritable(error) : error
    }
    return releaseAll
  }

  /** Living processes that measure on other devices of this host now: agent and device of each. */
  neighbours(): readonly Neighbour[] {
    return readdirSync(this.#folder)
      .filter((file) => file.endsWith('.lock'))
      .flatMap((file) => {
        const holder = this.#read(join(this.#folder, file))
        const own = holder?.pid === process.pid && holder.agent === this.#agent
        if (holder === undefined || holder.computes === true) return []
        if (own || !this.#lives(holder)) return []
        return [{ agent: holder.agent, device: file.slice(0, -'.lock'.length) }]
      })
  }

  #unwritable(cause: unknown): FmworkError {
    return new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot keep locks in ${this.#folder}`, {
      hint: 'Remove what another user left there, or give the agent another lock folder.',
      cause,
    })
  }

  async #take(
    device: string,
    signal: AbortSignal,
    onWait: (holder: string) => void,
  ): Promise<() => void> {
    const me: Holder = {
      id: randomUUID(),
      pid: process.pid,
      agent: this.#agent,
      ...(this.#computes ? { computes: true } : {}),
      ...(this.#startTicks === undefined ? {} : { startTicks: this.#startTicks }),
    }
    const name = device.replace(/[^\w.-]/g, '_')
    const lock = join(this.#folder, `${name}.lock`)
    // The ticket’s name sorts by arrival; it holds the same words as the lock it will become.
    const arrival = String(Math.round(this.#clock.wall() * 1000)).padStart(20, '0')
    const ticket = join(this.#folder, `${name}.${arrival}-${me.id}.ticket`)
    writeFileSync(ticket, JSON.stringify(me), { mode: 0o644 })
    try {
      for (;;) {
        signal.throwIfAborted()
        const ahead = this.#firstInQueue(name, ticket)
        if (ahead === undefined && this.#tryLock(lock, ticket)) break
        onWait(ahead?.agent ?? this.#read(lock)?.agent ?? 'another agent')
        await this.#clock.sleep(lookEverySeconds * (0.5 + this.#random.next()), signal)
      }
    } finally {
      rmSync(ticket, { force: true })
    }
    return () => {
      if (this.#read(lock)?.id === me.id) rmSync(lock, { force: true })
    }
  }

  /** Who came before; undefined when nobody living did. */
  #firstInQueue(name: string, ticket: string): Holder | undefined {
    const mine = ticket.slice(this.#folder.length + 1)
    const tickets = readdirSync(this.#folder)
      .filter((file) => file.startsWith(`${name}.`) && file.endsWith('.ticket') && file < mine)
      .sort()
    for (const file of tickets) {
      const path = join(this.#folder, file)
      const holder = this.#read(path)
      if (holder === undefined) continue
      if (this.#lives(holder)) return holder
      rmSync(path, { force: true })
    }
    return undefined
  }

  #tryLock(lock: string, ticket: string): boolean {
    if (this.#link(ticket, lock)) return true
    const holder = this.#read(lock)
    // Locks appear whole, so one that cannot be read is nobody’s.
    if (holder !== undefined && this.#lives(holder)) return false
    // Moved aside first: of two that saw the same dead holder, one moves it.
    const aside = `${ticket}.stale`
    try {
      renameSync(lock, aside)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw error
    }
    const moved = this.#read(aside)
    if (moved !== undefined && this.#lives(moved)) this.#link(aside, lock)
    rmSync(aside, { force: true })
    return this.#link(ticket, lock)
  }

  /** Makes `to` with the content of `from` in one step; false when `to` exists. */
  #link(from: string, to: string): boolean {
    try {
      linkSync(from, to)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  }

  #read(path: string): Holder | undefined {
    try {
      const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>
      return typeof value.pid === 'number' && typeof value.id === 'string'
        ? (value as Holder)
        : undefined
    } catch (error) {
      // Gone meanwhile, or being written: looked at again in a moment.
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
        return undefined
      }
      throw error
    }
  }

  #lives(holder: Holder): boolean {
    if (!this.#alive(holder.pid)) return false
    const started = this.#startOf(holder.pid)
    return holder.startTicks === undefined || started === undefined || started === holder.startTicks
  }
}
