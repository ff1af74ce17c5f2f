import { asFmworkError, FmworkError } from '../../domain/errors.js'
import type { ErrorCode } from '../../domain/error-table.js'
import type { Problem } from '../../domain/errors.js'

/** What crosses between a thread and the object that another thread serves. */

/** The methods of a served object; all take and give what structured clone can carry. */
export interface Served {
  close(): Promise<void>
}

export interface ThreadRequest {
  readonly id: number
  readonly method: string
  readonly arguments: readonly unknown[]
}

/** Answer to the call of the same id; id 0 is the opening. */
export type ThreadAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CarriedError }

/** An error as plain data: a class does not survive the crossing. */
export interface CarriedError {
  readonly code: ErrorCode
  readonly message: string
  readonly problems: readonly Problem[]
  readonly hint: string
  readonly stack?: string
}

export function carryError(thrown: unknown): CarriedError {
  const { code, message, problems, hint, stack } = asFmworkError(thrown)
  return { code, message, problems, hint, ...(stack === undefined ? {} : { stack }) }
}

export function uncarryError({ code, message, problems, hint, stack }: CarriedError): FmworkError {
  const error = new FmworkError(code, message, { problems, hint })
  if (stack !== undefined) error.stack = stack
  return error
}
