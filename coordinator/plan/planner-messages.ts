import { asFmworkError, FmworkError } from '../../shared/domain/errors.js'
import type { ErrorCode, Problem } from '../../shared/domain/errors.js'
import type { Sweep } from '../../shared/domain/sweep.js'
import type { Planner } from './planner.js'

/** What crosses between the coordinator’s thread and a planner’s. */

/** `workerData` of a planner’s thread. */
export interface PlannerOpening {
  readonly sweep: Sweep
  readonly hardware: readonly string[]
}

export type PlannerMethod = keyof Planner

/** One call; `open` waits for the planner itself. */
export type PlannerRequest = {
  [M in PlannerMethod]: {
    readonly id: number
    readonly method: M
    readonly arguments: Parameters<Planner[M]>
  }
}[PlannerMethod]

/** An error as plain data: a class does not survive the crossing. */
export interface CarriedError {
  readonly code: ErrorCode
  readonly message: string
  readonly problems: readonly Problem[]
  readonly hint: string
  readonly stack?: string
}

/** Answer to the call of the same id; id 0 is the opening. */
export type PlannerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: CarriedError }

export function carryError(thrown: unknown): CarriedError {
  const { code, message, problems, hint, stack } = asFmworkError(thrown)
  return { code, message, problems, hint, ...(stack === undefined ? {} : { stack }) }
}

export function uncarryError({ code, message, problems, hint, stack }: CarriedError): FmworkError {
  const error = new FmworkError(code, message, { problems, hint })
  if (stack !== undefined) error.stack = stack
  return error
}
