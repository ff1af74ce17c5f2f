import type { Scalar } from '../../../shared/domain/configuration.js'
import { FmworkError } from '../../../shared/domain/errors.js'
import { refusal, words } from './argument-rule.js'
import type { ArgumentRule, ArgumentRules } from './argument-rule.js'
import type { ProgramPermit } from './engine-permits.js'

/** The rules that hold on this agent: the kind’s own, as its configuration changes them. */
export function rulesOf(own: ArgumentRules, permit: ProgramPermit): ArgumentRules {
  const rules = new Map(Object.entries(own))
  for (const [name, written] of Object.entries(permit.args)) {
    if (written === 'forbidden') rules.delete(name)
    else rules.set(name, withOff(written, own[name]))
  }
  return Object.fromEntries(rules)
}

/** A switch written anew still knows the flag that says its opposite. */
const withOff = (written: ArgumentRule, own: ArgumentRule | undefined): ArgumentRule =>
  written.kind === 'switch' && own?.kind === 'switch' ? own : written

/**
 * Turns a sweep’s arguments into words of a command line. No shell ever sees them, and each is a
 * flag the rules name with a value in its bounds.
 *
 * @throws FmworkError ENGINE_NOT_ALLOWED with every problem at once.
 */
export function argumentWords(
  kind: string,
  rules: ArgumentRules,
  args: Readonly<Record<string, Scalar>>,
): string[] {
  const problems = Object.entries(args).flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
    const expected =
      rule === undefined
        ? `this agent lets a sweep set ${Object.keys(rules).sort().join(', ') || 'none'}`
        : refusal(rule, value)
    return expected === undefined
      ? []
      : [{ field: `engines.args.${name}`, value: JSON.stringify(value), expected }]
  })
  if (problems.length > 0) {
    throw new FmworkError(
      'ENGINE_NOT_ALLOWED',
      `arguments of the ${kind} engine: ${problems.map(({ field }) => field.slice(13)).join(', ')}`,
      {
        problems,
        hint: `Correct the args in the sweep file, or widen args of ${kind} on the agent (docs/ENGINES.md).`,
      },
    )
  }
  return Object.entries(args).flatMap(([name, value]) => {
    const rule = rules[name]
    return rule === undefined ? [] : words(name, rule, value)
  })
}

/** `--api-key` and `--hf-token`, not `--max-input-tokens`. */
const secretName = /(key|token|secret|password|credentials?)$/i

/** Words of a command line as they may be shown: what follows a flag that names a secret is hidden. */
export function withoutSecrets(commandLine: readonly string[]): string[] {
  let hideNext = false
  return commandLine.map((word) => {
    if (hideNext && !word.startsWith('-')) {
      hideNext = false
      return '[redacted]'
    }
    const [flag = '', value] = word.split('=', 2)
    const secret = flag.startsWith('-') && secretName.test(flag)
    hideNext = secret && value === undefined
    return secret && value !== undefined ? `${flag}=[redacted]` : word
  })
}
