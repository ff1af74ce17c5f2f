/** A sequence as the planner sees it. */
export interface PlannedSequence {
  /** Prompt tokens not evaluated yet; 0 while it generates. */
  readonly remainingPrompt: number
}

/**
 * How many tokens of each sequence go into the next batch: every generating sequence one, then the
 * prompts in order of arrival as far as the budget lasts (chunked prefill). With fewer tokens of
 * budget than generating sequences, those that came first go first.
 */
export function planStep(sequences: readonly PlannedSequence[], budget: number): number[] {
  let left = budget
  const counts = sequences.map((sequence): number => {
    if (sequence.remainingPrompt > 0 || left === 0) return 0
    left -= 1
    return 1
  })
  sequences.forEach((sequence, index) => {
    if (sequence.remainingPrompt === 0) return
    const count = Math.min(sequence.remainingPrompt, left)
    counts[index] = count
    left -= count
  })
  return counts
}
