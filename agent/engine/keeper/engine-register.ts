import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../../shared/process/clock.js'
import type { Log } from '../../../shared/process/log.js'
import { processStart } from '../../../shared/process/process-start.js'
import { signalProcess } from '../process/process-group.js'
import { endNow } from './end-processes.js'
import { anyAlive } from './marked-processes.js'

/** A process for ever: a number alone is used again. */
const processSchema = z.strictObject({ pid: z.int().positive(), startTicks: z.number().optional() })
type KnownProcess = z.infer<typeof processSchema>

const entrySchema = z.strictObject({
  agent: processSchema,
  keeper: processSchema,
  /** The first process of the engine. */
  engine: processSchema,
  mark: z.string(),
  /** Empty for an engine that may use all of the host’s. */
  devices: z.array(z.string()),
})
type Entry = z.infer<typeof entrySchema>

const lookEverySeconds = 0.1
/** Beyond any engine’s own grace: a keeper that takes longer is stuck in the driver. */
const patienceSeconds = 150

export interface RegisterOptions {
  readonly clock: Clock
  readonly log?: Log
  /** Shared by the agents of a host; a folder of the system’s temporary one by default. */
  readonly folder?: string
}

/**
 * Which engines run on this host, so that the agent after one that was killed waits until that one’s
 * engine is gone: its keeper ends it, and until then it holds the devices that look free.
 */
export class EngineRegister {
  readonly #options: RegisterOptions
  readonly #folder: string

  constructor(options: RegisterOptions) {
    this.#options = options
    this.#folder = options.folder ?? join(tmpdir(), 'fmwork-engines')
  }

  /** @returns takes the engine off the register; idempotent. */
  add(
    started: { readonly keeper: number; readonly engine: number; readonly mark: string },
    devices: readonly string[],
  ): () => void {
    const entry: Entry = {
      agent: known(process.pid),
      keeper: known(started.keeper),
      engine: known(started.engine),
      mark: started.mark,
      devices: [...devices],
    }
    // Agents of several users share it; the sticky bit keeps them from removing each other’s files.
    if (mkdirSync(this.#folder, { recursive: true }) !== undefined) chmodSync(this.#folder, 0o1777)
    const path = join(this.#folder, `${randomUUID()}.json`)
    writeFileSync(path, JSON.stringify(entry), { mode: 0o600 })
    return () => rmSync(path, { force: true })
  }

  /**
   * Waits for the end of engines on these devices whose agent is gone, and ends those whose keeper is
   * gone too.
   *
   * @param devices all of the host’s when empty.
   * @throws the signal’s reason
   */
  async orphansGone(devices: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options
    const until = clock.monotonic() + patienceSeconds
    let told = false
    for (;;) {
      const orphans = this.#orphans(devices)
      if (orphans.length === 0) return
      if (!told)
        log?.warn({ engines: pidsOf(orphans) }, 'waiting for the engine of an agent that is gone')
      told = true
      for (const { path, entry } of orphans) {
        if (lives(entry.keeper)) continue
        await endNow({ pid: entry.engine.pid, mark: entry.mark }, clock)
        rmSync(path, { force: true })
      }
      if (clock.monotonic() >= until) {
        log?.error({ engines: pidsOf(orphans) }, 'the engine of an agent that is gone does not end')
        return
      }
      await clock.sleep(lookEverySeconds, signal)
    }
  }

  /** Entries of the dead and gone are removed on the way. */
  #orphans(devices: readonly string[]): readonly { path: string; entry: Entry }[] {
    return this.#files().flatMap((file) => {
      const path = join(this.#folder, file)
      const entry = readEntry(path)
      if (entry === undefined || lives(entry.agent)) return []
      if (!lives(entry.keeper) && !stillRuns(entry)) {
        rmSync(path, { force: true })
        return []
      }
      const shared =
        devices.length === 0 ||
        entry.devices.length === 0 ||
        entry.devices.some((device) => devices.includes(device))
      return shared ? [{ path, entry }] : []
    })
  }

  #files(): readonly string[] {
    try {
      return readdirSync(this.#folder).filter((file) => file.endsWith('.json'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }
}

function known(pid: number): KnownProcess {
  const startTicks = processStart(pid)
  return { pid, ...(startTicks === undefined ? {} : { startTicks }) }
}

const pidsOf = (orphans: readonly { readonly entry: Entry }[]) =>
  orphans.map(({ entry }) => entry.engine.pid)

function lives({ pid, startTicks }: KnownProcess): boolean {
  if (!signalProcess(pid, 0)) return false
  const started = processStart(pid)
  return startTicks === undefined || started === undefined || started === startTicks
}

/** Its group may be signalled only while its number is not somebody else’s. */
function stillRuns({ engine, mark }: Entry): boolean {
  const started = processStart(engine.pid)
  const another = started !== undefined && started !== engine.startTicks
  return !another && anyAlive(engine.pid, mark)
}

/** @returns undefined for what another user or another version wrote: it names no process of ours. */
function readEntry(path: string): Entry | undefined {
  try {
    if (statSync(path).uid !== process.getuid?.()) return undefined
    return entrySchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data
  } catch (error) {
    // Gone meanwhile, or being written: looked at again in a moment.
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof SyntaxError || code === 'ENOENT') return undefined
    throw error
  }
}
