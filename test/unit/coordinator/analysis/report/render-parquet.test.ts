import { parquetReadObjects, parquetSchema, parquetMetadata } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { collectReport } from '../../../../../coordinator/analysis/report/collect-report.js'
import type { FlatTable } from '../../../../../coordinator/analysis/report/flat-tables.js'
import {
  measurementsTable,
  surfaceTable,
} from '../../../../../coordinator/analysis/report/flat-tables.js'
import { renderParquet } from '../../../../../coordinator/analysis/report/render-parquet.js'
import { sampleExport } from './sample-export.js'

const report = collectReport(sampleExport)
const fileOf = (table: FlatTable): ArrayBuffer => renderParquet(table).slice().buffer

/** What a reader finds, cell by cell. */
async function readBack(table: FlatTable): Promise<unknown[][]> {
  const rows: Record<string, unknown>[] = await parquetReadObjects({ file: fileOf(table) })
  return rows.map((row) => table.columns.map(({ name }) => row[name] ?? undefined))
}

describe('the Parquet files', () => {
  it.each([
    ['measurements', measurementsTable(report)],
    ['surface', surfaceTable(report)],
  ])('give back the %s as they were', async (_, table) => {
    expect(table.rows.length).toBeGreaterThan(10)
    expect(await readBack(table)).toEqual(table.rows.map((row) => [...row]))
  })

  it('have the same column types whatever is in them', () => {
    const { columns } = measurementsTable(report)
    const empty = { columns, rows: [columns.map(() => undefined)] }
    const typesOf = (table: FlatTable) =>
      parquetSchema(parquetMetadata(fileOf(table))).children.map(({ element }) => [
        element.name,
        element.type,
        element.converted_type,
      ])
    expect(typesOf(empty)).toEqual(typesOf(measurementsTable(report)))
  })

  it('leave out a number that is not one', async () => {
    const table = {
      columns: [{ name: 'x', kind: 'number' }],
      rows: [[NaN], [Infinity], [1]],
    } as const
    expect(await readBack(table)).toEqual([[undefined], [undefined], [1]])
  })
})
