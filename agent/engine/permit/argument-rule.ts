import { z } from 'zod'
import type { Scalar } from '../../../shared/domain/configuration.js'

/**
 * What a sweep may give as one argument of an engine. There is no rule for free text: a value from
 * the wire is a number in bounds, one of a few words, or a switch, never a path or a command.
 */
export type ArgumentRule =
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  /** `true` writes the flag; `false` writes `off`, or nothing where the engine has no such flag. */
  | { readonly kind: 'switch'; readonly off?: string }

export type ArgumentRules = Readonly<Record<string, ArgumentRule>>

export const integer = (min: number, max: number): ArgumentRule => ({ kind: 'integer', min, max })
export const number = (min: number, max: number): ArgumentRule => ({ kind: 'number', min, max })
export const choice = (...values: string[]): ArgumentRule => ({ kind: 'choice', values })
/** @param off flag that says the opposite. */
export const toggle = (off?: string): ArgumentRule =>
  off === undefined ? { kind: 'switch' } : { kind: 'switch', off }

/** What is wrong with a value, in words that follow its name; undefined when it is allowed. */
export function refusal(rule: ArgumentRule, value: Scalar): string | undefined {
  switch (rule.kind) {
    case 'integer':
    case 'number': {
      const fits =
        typeof value === 'number' &&
        (rule.kind === 'number' || Number.isInteger(value)) &&
        value >= rule.min &&
        value <= rule.max
      const what = rule.kind === 'integer' ? 'a whole number' : 'a number'
      return fits ? undefined : `expected ${what} from ${rule.min} to ${rule.max}`
    }
    case 'choice':
      return typeof value !== 'boolean' && rule.values.includes(String(value))
        ? undefined
        : `expected one of ${rule.values.join(', ')}`
    case 'switch':
      return typeof value === 'boolean' ? undefined : 'expected true or false'
  }
}

/** The words of a command line that an allowed value becomes. */
export function words(name: string, rule: ArgumentRule, value: Scalar): readonly string[] {
  if (rule.kind !== 'switch') return [`--${name}`, String(value)]
  if (value === true) return [`--${name}`]
  return rule.off === undefined ? [] : [rule.off]
}

const bounds = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'expected [low, high] with low <= high')

/** How an agent’s own configuration writes a rule; `forbidden` takes an argument away. */
export const writtenRule = z.union(
  [
    z
      .strictObject({ integer: bounds })
      .transform(({ integer: [min, max] }): ArgumentRule => ({ kind: 'integer', min, max })),
    z
      .strictObject({ number: bounds })
      .transform(({ number: [min, max] }): ArgumentRule => ({ kind: 'number', min, max })),
    z
      .strictObject({ choice: z.array(z.union([z.string(), z.number()])).min(1) })
      .transform(({ choice: values }): ArgumentRule => ({
        kind: 'choice',
        values: values.map(String),
      })),
    z.literal('switch').transform((): ArgumentRule => ({ kind: 'switch' })),
    z.literal('forbidden'),
  ],
  'expected {integer: [low, high]}, {number: [low, high]}, {choice: [...]}, switch or forbidden',
)
