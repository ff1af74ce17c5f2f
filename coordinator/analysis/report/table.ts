/** A table of words, before it becomes HTML or Markdown. */
export interface Table {
  readonly title: string
  /** What the reader must know to read it; empty where the columns say it all. */
  readonly note: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Columns of numbers, aligned to the right. */
  readonly numeric: ReadonlySet<number>
}
