import { describe, expect, it } from 'vitest'
import { ReportIntake } from '../../../../shared/rpc/report-intake.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))
const turns = async (count: number) => {
  for (let each = 0; each < count; each += 1) await turn()
}

/** An intake whose works end when they are told to. */
function slowly(room: number) {
  const intake = new ReportIntake(room)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const run = (name: string, size: number) =>
    intake.run(Buffer.alloc(size), () => {
      begun.push(name)
      return new Promise<string>((resolve) => {
        ends.set(name, () => {
          resolve(name)
        })
      })
    })
  return { begun, run, end: (name: string) => ends.get(name)?.() }
}

describe('reports that come at once', () => {
  it('are decoded one in a turn, in the order in which they came', async () => {
    const { begun, run } = slowly(100)
    for (const name of ['a', 'b', 'c']) void run(name, 10)
    expect(begun).toEqual([])
    await turns(2)
    expect(begun.length).toBeLessThan(3)
    await turns(4)
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('wait as bytes while so many are decoded, and one always goes', async () => {
    const { begun, run, end } = slowly(100)
    const first = run('large', 300)
    void run('small', 10)
    await turns(5)
    expect(begun).toEqual(['large'])
    end('large')
    await expect(first).resolves.toBe('large')
    await turns(5)
    expect(begun).toEqual(['large', 'small'])
  })

  it('fail alone', async () => {
    const intake = new ReportIntake()
    const work = (): Promise<never> => {
      throw new RangeError('no report')
    }
    const bad = intake.run(Buffer.alloc(1), work)
    const good = intake.run(Buffer.alloc(1), () => Promise.resolve('taken'))
    await expect(bad).rejects.toThrow('no report')
    await expect(good).resolves.toBe('taken')
  })
})
