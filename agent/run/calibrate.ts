import { faultOf } from './faults.js'
import { bringsPrompts } from './trial-runner.js'
import { observe } from './trial-context.js'
import type { TrialContext } from './trial-context.js'

/** Tries at most; each is a one-token request. */
const attempts = 4
/** A word is a token at least: a count that asks for more than this is no count of the prompt. */
const wordsPerTokenAtMost = 4

/**
 * Finds how many words give the prompt length asked for, where an engine takes prompts as text only:
 * the count that its own usage confirms. Leaves the closest count when none is exact; the tokens of
 * the measurement are judged in any case.
 */
export async function calibrateWords(context: TrialContext): Promise<void> {
  const { acceptsTokenIds, api } = context.engine.endpoint
  if (acceptsTokenIds && api !== 'chat') return
  if (bringsPrompts(context.order)) return
  const asked = context.order.configuration.inputTokens
  let words = context.promptWords ?? asked
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    context.promptWords = words
    const { report } = await observe(
      context,
      { kind: 'static-batch', batch: 1 },
      { warmUp: true, outputTokens: 1 },
    )
    const [sample] = report.samples
    if (sample?.outcome !== 'ok') {
      throw faultOf(report.samples, report.samples.length, context.engine.processIds.length === 0)
    }
    const got = sample.inputTokens
    if (got === null || got === asked) return
    // Tokens per word once the fixed part (a begin-of-text token) is small beside the prompt.
    const next = Math.max(
      1,
      Math.abs(asked - got) <= 4 ? words + asked - got : Math.round((words * asked) / got),
    )
    if (next === words || next > wordsPerTokenAtMost * asked) return
    words = next
  }
}
