/** A call where the property would do: the compiler takes a property for settled once it was looked at. */
export const isAborted = (signal: AbortSignal): boolean => signal.aborted
