/** A file’s content, taken apart once for every format that may look at it. */
export type Content = { readonly path: string } & (
  | { readonly kind: 'json'; readonly value: unknown }
  /** Line `index + 1` of the file holds `values[index]`; empty lines hold undefined. */
  | { readonly kind: 'json-lines'; readonly values: readonly unknown[] }
  | { readonly kind: 'csv'; readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }
  | { readonly kind: 'text'; readonly lines: readonly string[] }
)

export interface CsvRow {
  /** 1-based line of the file. */
  readonly line: number
  readonly cells: ReadonlyMap<string, string>
}
