import { parseDocument } from 'yaml'
import type { DecisionGoal, Extension } from './sweep-desk.js'
import { parseSweep } from './sweep-file.js'
import type { Sweep } from './sweep.js'

const places = {
  accuracy: ['goal', 'accuracy'],
  confidence: ['goal', 'confidence'],
  deviceHours: ['budget', 'device_hours'],
  costUsd: ['budget', 'cost_usd'],
  trials: ['budget', 'trials'],
  wallTimeSeconds: ['budget', 'wall_time'],
} as const satisfies Record<Exclude<keyof Extension, 'decision'>, readonly [string, string]>

const decisionPlace = ['goal', 'decision']
const decisionKeys = {
  objective: 'objective',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  probability: 'probability',
  tolerance: 'tolerance',
} as const satisfies Record<keyof DecisionGoal, string>

/** As a sweep file has it. */
const decisionInput = (goal: DecisionGoal): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(decisionKeys).flatMap(([key, name]) => {
      const value = goal[key as keyof DecisionGoal]
      return value === undefined ? [] : [[name, value]]
    }),
  )

/**
 * A sweep file with another goal and budget, everything else and its comments as they were.
 *
 * @throws FmworkError SWEEP_INVALID for a value that no sweep may have.
 */
export function extendedText(text: string, extension: Extension): string {
  const document = parseDocument(text)
  for (const [key, place] of Object.entries(places)) {
    const value = extension[key as keyof typeof places]
    if (value !== undefined) document.setIn(place, value)
  }
  if (extension.decision === 'none') document.deleteIn(decisionPlace)
  else if (extension.decision !== undefined) {
    document.setIn(decisionPlace, document.createNode(decisionInput(extension.decision)))
  }
  const extended = document.toString()
  parseSweep(extended)
  return extended
}

/** Do two sweeps differ in goal, budget and priority at most: what one measured is of use to the other. */
export function isExtensionOf(one: Sweep, other: Sweep): boolean {
  const rest = (sweep: Sweep) =>
    JSON.stringify({ ...sweep, goal: undefined, budget: undefined, priority: undefined })
  return rest(one) === rest(other)
}
