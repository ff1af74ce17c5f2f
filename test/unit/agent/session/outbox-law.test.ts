import fc from 'fast-check'
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Outbox } from '../../../../agent/session/outbox.js'
import type { ReportBatch, ReportItem } from '../../../../shared/domain/report-item.js'
import { FakeClock } from '../../../../shared/process/clock.js'
import { createLog } from '../../../../shared/process/log.js'

const log = createLog({ name: 'test', level: 'silent' })
const lease = { leaseId: 'lease-1', token: 1 }
const never = new AbortController().signal

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'fmwork-outbox-'))
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const open = (folder: string) =>
  Outbox.open({ folder, agent: 'agent-1', clock: new FakeClock(), log, segmentBytes: 400 })

const item = (n: number, durable: boolean): ReportItem =>
  durable
    ? {
        kind: 'trial-result',
        lease,
        trialId: `trial-${n}`,
        outcome: { kind: 'infeasible', reason: 'x'.repeat(n % 50), deviceSeconds: n },
      }
    : { kind: 'trial-started', lease, trialId: `trial-${n}`, at: n }

const segmentsOf = (folder: string) => readdirSync(folder).sort()

async function everything(outbox: Outbox): Promise<ReportBatch[]> {
  const batches: ReportBatch[] = []
  for (let after = 0; !outbox.empty; after = batches.at(-1)?.sequence ?? 0) {
    batches.push(await outbox.take(after, never))
    if (batches.at(-1)?.sequence === outbox.lastSequence) break
  }
  return batches
}

const idsOf = (batches: readonly ReportBatch[]) =>
  batches.flatMap(({ items }) =>
    items.map((each) => ('trialId' in each ? each.trialId : undefined)),
  )

/** What the disk held, byte for byte, when an item was acknowledged to its caller. */
interface Mark {
  readonly items: number
  readonly segment: string
  readonly size: number
}

async function write(folder: string, durable: readonly boolean[]): Promise<Mark[]> {
  const outbox = await open(folder)
  const marks: Mark[] = []
  for (const [n, isDurable] of durable.entries()) {
    if (!isDurable) {
      outbox.add(item(n, false))
      continue
    }
    await outbox.addDurably(item(n, true))
    const segment = segmentsOf(folder).at(-1) ?? ''
    marks.push({ items: n + 1, segment, size: statSync(join(folder, segment)).size })
  }
  await outbox.close()
  return marks
}

describe('an outbox whose writing was interrupted anywhere', () => {
  const damage = fc.constantFrom('cut' as const, 'garbage' as const)
  it('gives back a prefix, whole, with everything acknowledged before that point', async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 25 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        damage,
        async (durable, where, kind) => {
          runs += 1
          const intact = join(root, `intact-${runs}`)
          const torn = join(root, `torn-${runs}`)
          const marks = await write(intact, durable)
          cpSync(intact, torn, { recursive: true })
          const segment = segmentsOf(torn).at(-1) ?? ''
          const bytes = readFileSync(join(torn, segment))
          const at = Math.floor(where * bytes.length)
          const rest = kind === 'cut' ? 0 : bytes.length - at
          writeFileSync(
            join(torn, segment),
            Buffer.concat([bytes.subarray(0, at), Buffer.alloc(rest, 0xa5)]),
          )

          const outbox = await open(torn)
          const found = await everything(outbox)
          const all = durable.map((_, n) => `trial-${n}`)
          const ids = idsOf(found)
          expect(ids).toEqual(all.slice(0, ids.length))
          const safe = marks.findLast((mark) => mark.segment < segment || mark.size <= at)
          expect(ids.length).toBeGreaterThanOrEqual(safe?.items ?? 0)
          expect(found.map(({ sequence }) => sequence)).toEqual(found.map((_, n) => n + 1))

          // Life goes on behind it, under fresh numbers.
          await outbox.addDurably(item(1000, true))
          const more = await outbox.take(found.length, never)
          expect(more.sequence).toBeGreaterThan(found.length)
          expect(idsOf([more])).toEqual(['trial-1000'])
          await outbox.close()
          rmSync(intact, { recursive: true })
          rmSync(torn, { recursive: true })
        },
      ),
      { numRuns: 60 },
    )
  })
})
