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
  /**
   * The board that a device is a slice of: whoever holds it excludes its slices and the other way
   * round, while slices do not exclude each other. Undefined for a whole device.
   */
  readonly boardOf?: (device: string) => string | undefined
  /** Shared by all agents of the host. */
  readonly folder?: string
  /** Say whether a process lives and when it started; a test gives others. */
  readonly alive?: (pid: number) => boolean
  readonly startOf?: typeof processStart
}

/** Devices that are held. */
export interface Hold {
  /** Idempotent. */
  release(): void
  /** From now on it is held as long as that process lives, whatever becomes of this one. */
  entrust(pid: number): void
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

/** Between a board and its slice in a file’s name, where no device’s own name has it. */
const within = '~'

const overlaps = (one: string, other: string) =>
  one === other || one.startsWith(other + within) || other.startsWith(one + within)

/** `NAME.ARRIVAL-ID.ticket`: whom a ticket is for, and its place in the queue. */
const ticketName = /^(.+)\.(\d+-[^.]+)\.ticket$/

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
  readonly #boardOf: (device: string) => string | undefined
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
    this.#boardOf = options.boardOf ?? (() => undefined)
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

  /** {@link QuietLock.hold}, for a holder that lives as long as it holds. */
  async acquire(
    signal: AbortSignal,
    onWait: (holder: string) => void,
    devices: readonly string[] = this.#devices,
  ): Promise<() => void> {
    const hold = await this.hold(signal, onWait, devices)
    return () => hold.release()
  }

  /**
   * Waits until every device is free of other measurements, then holds them.
   *
   * @param onWait called once if it has to wait, with the name of the agent that holds it.
   * @param devices some of its devices; all when absent.
   */
  async hold(
    signal: AbortSignal,
    onWait: (holder: string) => void,
    devices: readonly string[] = this.#devices,
  ): Promise<Hold> {
    const held: Hold[] = []
    const releaseAll = () => {
      for (const one of held.splice(0).reverse()) one.release()
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
    return {
      release: releaseAll,
      entrust(pid) {
        for (const one of held) one.entrust(pid)
      },
    }
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
        return [{ agent: holder.agent, device: deviceIn(file) }]
      })
  }

  #unwritable(cause: unknown): FmworkError {
    return new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot keep locks in ${this.#folder}`, {
      hint: 'Remove what another user left there, or give the agent another lock folder.',
      cause,
    })
  }

  /** A device’s name in files: its board’s before it, where it is a slice. */
  #nameOf(device: string): string {
    const board = this.#boardOf(device)
    const plain = (id: string) => id.replace(/[^\w.-]/g, '_')
    return board === undefined ? plain(device) : `${plain(board)}${within}${plain(device)}`
  }

  #holder(id: string, pid: number): Holder {
    const startTicks = pid === process.pid ? this.#startTicks : this.#startOf(pid)
    return {
      id,
      pid,
      agent: this.#agent,
      ...(this.#computes ? { computes: true } : {}),
      ...(startTicks === undefined ? {} : { startTicks }),
    }
  }

  async #take(
    device: string,
    signal: AbortSignal,
    onWait: (holder: string) => void,
  ): Promise<Hold> {
    const me = this.#holder(randomUUID(), process.pid)
    const name = this.#nameOf(device)
    const lock = join(this.#folder, `${name}.lock`)
    // The ticket’s name sorts by arrival; it holds the same words as the lock it will become.
    const arrival = String(Math.round(this.#clock.wall() * 1000)).padStart(20, '0')
    const ticket = join(this.#folder, `${name}.${arrival}-${me.id}.ticket`)
    writeFileSync(ticket, JSON.stringify(me), { mode: 0o644 })
    try {
      for (;;) {
        signal.throwIfAborted()
        const before = this.#firstInQueue(name, `${arrival}-${me.id}`) ?? this.#seize(name, ticket)
        if (before === undefined) break
        onWait(before === 'unknown' ? 'another agent' : before.agent)
        await this.#clock.sleep(lookEverySeconds * (0.5 + this.#random.next()), signal)
      }
    } finally {
      rmSync(ticket, { force: true })
    }
    const mine = () => this.#read(lock)?.id === me.id
    return {
      release() {
        if (mine()) rmSync(lock, { force: true })
      },
      entrust: (pid) => {
        if (!mine()) return
        writeFileSync(ticket, JSON.stringify(this.#holder(me.id, pid)), { mode: 0o644 })
        renameSync(ticket, lock)
      },
    }
  }

  /** Who came before and waits for the same, or for a part of it; undefined when nobody living did. */
  #firstInQueue(name: string, place: string): Holder | undefined {
    const ahead = readdirSync(this.#folder)
      .flatMap((file) => {
        const [, wanted, at] = ticketName.exec(file) ?? []
        if (wanted === undefined || at === undefined) return []
        return at < place && overlaps(wanted, name) ? [{ file, at }] : []
      })
      .sort((a, b) => (a.at < b.at ? -1 : 1))
    for (const { file } of ahead) {
      const path = join(this.#folder, file)
      const holder = this.#read(path)
      if (holder === undefined) continue
      if (this.#lives(holder)) return holder
      rmSync(path, { force: true })
    }
    return undefined
  }

  /** Takes the lock; else who has it or a part of it. */
  #seize(name: string, ticket: string): Holder | 'unknown' | undefined {
    const lock = join(this.#folder, `${name}.lock`)
    if (!this.#tryLock(lock, ticket)) return this.#read(lock) ?? 'unknown'
    // Looked at when one’s own lock is there: of two that come at once, one sees the other.
    for (const file of readdirSync(this.#folder)) {
      if (!file.endsWith('.lock') || file === `${name}.lock`) continue
      if (!overlaps(file.slice(0, -'.lock'.length), name)) continue
      const holder = this.#read(join(this.#folder, file))
      if (holder === undefined || !this.#lives(holder)) continue
      rmSync(lock, { force: true })
      return holder
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

/** The device that a lock’s file is for. */
function deviceIn(file: string): string {
  const name = file.slice(0, -'.lock'.length)
  return name.slice(name.lastIndexOf(within) + 1)
}
