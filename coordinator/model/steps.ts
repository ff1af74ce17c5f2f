/**
 * Work in steps of a few milliseconds each, so that others can be served in between. What it works
 * on is nobody else’s until it is over.
 */
export type Steps<T = void> = Generator<undefined, T, undefined>

/** Does all of it in one piece. */
export function exhaust<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
