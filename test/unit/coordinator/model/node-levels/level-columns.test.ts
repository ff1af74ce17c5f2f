import { describe, expect, it } from 'vitest'
import { LevelColumns } from '../../../../../coordinator/model/node-levels/level-columns.js'

/** So many agents of one class; the k-th of them has measured `trialsOf(k)` trials. */
const columnsOf = (agents: number, trialsOf: (k: number) => number): LevelColumns =>
  new LevelColumns(
    Array.from({ length: agents }, (_, k) => [
      { hardware: 'H100', agent: `agent-${k}` },
      trialsOf(k),
    ]),
    [],
  )

describe('whose levels are told apart', () => {
  it('is news where another agent of the class has measured', () => {
    expect(columnsOf(3, () => 1).newsKey).not.toBe(columnsOf(2, () => 1).newsKey)
    expect(columnsOf(3, () => 2).newsKey).toBe(columnsOf(3, () => 1).newsKey)
  })

  it('is no news where there are too many for all of them, though others have measured most', () => {
    const first = columnsOf(100, (k) => (k < 50 ? 2 : 1))
    const last = columnsOf(100, (k) => (k < 50 ? 1 : 2))
    expect(last.key).not.toBe(first.key)
    expect(last.newsKey).toBe(first.newsKey)
  })
})
