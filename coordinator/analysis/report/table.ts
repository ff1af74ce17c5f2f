/** A table of words, before it becomes HTML or Markdown. */
export interface Table {
  readonly title: string
  /** What the reader must know to read it; empty where the columns say it all. */
  readonly note: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns of numbers, aligned to the right. */
  readonly numeric: ReadonlySet<number>
  /** Short words for the cells of one long column; a page shows them and unfolds the rest. */
  readonly folded?: { readonly column: number; readonly short: readonly string[] }
}
