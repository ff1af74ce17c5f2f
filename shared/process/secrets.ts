import { redacted, withoutSecretPatterns } from '../domain/secret-patterns.js'

/** Secrets that this process was given: what it says is searched for them, letter by letter. */
let known: readonly string[] = []

/** Shorter ones would blot out ordinary words. */
const shortestSecret = 8

const nameOfSecret = /(?:token|secret|password|passwd|key|credentials?)$/i

/** From now on nothing that this process says holds this value. */
export function keepSecret(secret: string): void {
  if (secret.length < shortestSecret) return
  const spellings = [secret, JSON.stringify(secret).slice(1, -1)]
  // The longest first: one that holds another must not leave its own rest behind.
  known = [...new Set([...known, ...spellings])].sort((a, b) => b.length - a.length)
}

/** Keeps what the variables of an environment hold whose names say that they are secret. */
export function keepSecretsOf(environment: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && nameOfSecret.test(name)) keepSecret(value)
  }
}

/** Keeps what stands after, or in, a word of a command line whose name says that it is secret. */
export function keepSecretsOfWords(words: readonly string[]): void {
  for (const [index, word] of words.entries()) {
    const [, name = '', value = words[index + 1]] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    if (value !== undefined && nameOfSecret.test(name)) keepSecret(value)
  }
}

/** The text without the secrets that are known, and without what looks like one. */
export function withoutSecrets(text: string): string {
  let left = text
  for (const secret of known) {
    if (left.includes(secret)) left = left.replaceAll(secret, redacted)
  }
  return withoutSecretPatterns(left)
}

/** A copy of plain data whose texts hold no secret. */
export function withoutSecretsIn<T>(value: T): T {
  return copied(value) as T
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value)
  if (Array.isArray(value)) return value.map(copied)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)]))
}
