import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Clock } from '../../../shared/process/clock.js'
import { createRandom } from '../../../shared/stats/random.js'
import { mutated } from './mutate.js'

/** Something that takes messages. */
export interface Target {
  readonly name: string
  /** Messages that it understands. */
  readonly seeds: readonly Buffer[]
  /** Resolves with a word for the outcome; rejects when the other side is at fault. */
  readonly send: (bytes: Buffer) => Promise<string>
}

export interface Tally {
  /** Messages sent so far, in this and earlier runs. */
  done: number
  readonly outcomes: Record<string, number>
  /** Messages that the other side failed at: index, bytes in base64, and what happened. */
  readonly faults: { readonly index: number; readonly bytes: string; readonly what: string }[]
  /** Seconds that an honest caller waited for an answer meanwhile, worst first; the worst are kept. */
  honestWaits?: readonly number[]
  /** Calls of the honest caller. */
  honestCalls?: number
  /** Resident memory of the process after it, in MiB. */
  memoryMib?: number
}

export interface CampaignOptions {
  readonly seed: number
  /** Messages per target in all. */
  readonly count: number
  /** Messages under way at once. */
  readonly atOnce: number
  /** Ends the run early; what is done is kept. */
  readonly enough?: () => boolean
}

/** The message of that number: the same for the same seed, whatever was sent before. */
export function messageOf(target: Target, seed: number, index: number): Buffer {
  return mutated(target.seeds, createRandom(seed).fork(`${target.name}/${index}`))
}

/** Sends a target’s messages from where its tally stands. */
export async function attack(
  target: Target,
  tally: Tally,
  { seed, count, atOnce, enough = () => false }: CampaignOptions,
): Promise<void> {
  let next = tally.done
  const worker = async () => {
    while (next < count && !enough()) {
      const index = next++
      const bytes = messageOf(target, seed, index)
      let outcome: string
      try {
        outcome = await target.send(bytes)
      } catch (error) {
        outcome = 'FAULT'
        const what = error instanceof Error ? error.message : String(error)
        tally.faults.push({ index, bytes: bytes.toString('base64'), what })
      }
      tally.outcomes[outcome] = (tally.outcomes[outcome] ?? 0) + 1
      tally.done += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** Waits that are kept: enough for the 99th percentile of ten thousand calls. */
const waitsKept = 100

/** Calls an honest target again and again until the signal aborts; what it waited goes into the tally. */
export async function askMeanwhile(
  ask: () => Promise<unknown>,
  tally: Tally,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  let worst = [...(tally.honestWaits ?? [])]
  while (!signal.aborted) {
    const asked = clock.monotonic()
    await ask()
    worst.push(clock.monotonic() - asked)
    worst = worst.sort((a, b) => b - a).slice(0, waitsKept)
    tally.honestCalls = (tally.honestCalls ?? 0) + 1
    await clock.sleep(0.1, signal).catch(() => undefined)
  }
  tally.honestWaits = worst
  tally.memoryMib = Math.round(process.memoryUsage().rss / 1024 / 1024)
}

/** Tallies by target, kept in a file between runs where one is named. */
export class Ledger {
  readonly #path: string | undefined
  readonly tallies: Record<string, Tally>

  constructor(path: string | undefined) {
    this.#path = path
    this.tallies =
      path !== undefined && existsSync(path)
        ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, Tally>)
        : {}
  }

  of(name: string): Tally {
    return (this.tallies[name] ??= { done: 0, outcomes: {}, faults: [] })
  }

  keep(): void {
    if (this.#path !== undefined) {
      writeFileSync(this.#path, `${JSON.stringify(this.tallies, null, 1)}\n`)
    }
  }
}
