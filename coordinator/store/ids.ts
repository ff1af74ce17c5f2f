/**
 * Ids as the rest of the program sees them: `t12.9f3ac01b`. The letter says what, the number is the
 * row, the tail is the store’s own id: an agent that still holds work of another data folder is told
 * apart from one of ours.
 */
export type IdLetter = 's' | 't' | 'l'

export interface Ids {
  format(letter: IdLetter, row: number): string
  /** Undefined for an id of another store or another kind. */
  parse(letter: IdLetter, id: string): number | undefined
}

export function idsOf(storeId: string): Ids {
  return {
    format: (letter, row) => `${letter}${row}.${storeId}`,
    parse(letter, id) {
      const match = /^([stl])(\d{1,15})\.([0-9a-f]+)$/.exec(id)
      if (match?.[1] !== letter || match[3] !== storeId) return undefined
      return Number(match[2])
    },
  }
}
