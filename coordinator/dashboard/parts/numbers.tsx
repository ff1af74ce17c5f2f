import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

/** Rows that a table behind a chart shows at most; more than that nobody reads. */
const shown = 400

export interface NumberTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The table behind a chart, made when it is opened. */
export function Numbers({
  title,
  table,
}: {
  readonly title: string
  readonly table: () => NumberTable
}): JSX.Element {
  const [open, setOpen] = useState(false)
  return (
    <details
      class="numbers"
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
      }}
    >
      <summary>{title}</summary>
      {open && <Rows title={title} table={table()} />}
    </details>
  )
}

function Rows({
  title,
  table,
}: {
  readonly title: string
  readonly table: NumberTable
}): JSX.Element {
  const { columns, rows } = table
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <p class="note">
          The first {shown} of {rows.length} rows; `fmwork report` writes all of them.
        </p>
      )}
    </div>
  )
}
