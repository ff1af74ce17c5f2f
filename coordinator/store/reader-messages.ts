import type { SweepReader } from '../../shared/domain/sweep-reader.js'
import type { CarriedError } from '../plan/planner-messages.js'

/** What crosses between the coordinator’s thread and a reader’s. */

export type ReaderMethod = keyof SweepReader

export type ReaderRequest = {
  [M in ReaderMethod]: {
    readonly id: number
    readonly method: M
    readonly arguments: Parameters<SweepReader[M]>
  }
}[ReaderMethod]

/** Answer to the call of the same id; id 0 is the opening. */
export type ReaderAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CarriedError }
