/** What stands where a secret stood. */
export const redacted = '[redacted]'

interface SecretPattern {
  /** In words, for whoever wrote it into a file. */
  readonly what: string
  /** The secret is what the groups before and after it leave over. */
  readonly pattern: RegExp
}

/** Names of fields and options that hold a secret, and of none that only names one. */
const fieldNames =
  'api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|secret(?:[_-]?(?:access[_-]?)?key)?|' +
  'client[_-]?secret|password|passwd|authorization|' +
  '(?:auth|access|bearer|join|refresh|hf|api)[_-]?token'
/** Names of environment variables that do; in capitals, unlike `fencing_token` or `canonical_key`. */
const variableNames = '[A-Z][A-Z0-9_]{0,60}_(?:TOKEN|SECRET|PASSWORD|KEY)'

const before = '(?:^|[^A-Za-z0-9_-])'
const underName = 'a value under a secret’s name'

/** `name: "value"`, `name = 'value'`, also where the quotes are escaped inside JSON. */
const quoted = (names: string, flags: string): SecretPattern => ({
  what: underName,
  pattern: new RegExp(
    `(${before}(?:${names})\\\\{0,3}["']?\\s{0,8}[:=]\\s{0,8}\\\\{0,3}["'])[^"'\\\\]{4,4096}()`,
    flags,
  ),
})
/** `name=value`, `name: value`. */
const bare = (names: string, flags: string): SecretPattern => ({
  what: underName,
  pattern: new RegExp(
    `(${before}(?:${names})[ \\t]{0,8}[:=][ \\t]{0,8})(?!\\[redacted|Bearer|Basic)[^\\s"'\\\\,;{}[\\]]{8,4096}()`,
    flags,
  ),
})

const patterns: readonly SecretPattern[] = [
  {
    what: 'a private key',
    pattern:
      /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[\s\S]*?(-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
  },
  { what: 'a token of FMwork', pattern: /(fmwork_[0-9a-f]{8}_)[A-Za-z0-9_-]{43}()/g },
  {
    what: 'a bearer token',
    pattern: /(\bBearer\s{1,8})(?=[^\s"']*[0-9])[A-Za-z0-9._~+/=-]{8,4096}()/gi,
  },
  { what: 'a credential', pattern: /(\bBasic\s{1,8})(?=[^\s"']*[0-9=])[A-Za-z0-9+/=]{12,4096}()/g },
  {
    what: 'a password in a URL',
    pattern: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)(?!\[redacted\])[^\s/@"'<>]{1,256}(@)/gi,
  },
  {
    what: 'a key in a URL',
    pattern:
      /([?&](?:token|key|api_?key|access_token|sig|signature|password)=)(?!\[redacted\])[^\s&#"'<>]{1,4096}()/gi,
  },
  {
    what: 'a key of a known service',
    pattern:
      /()\b(?:hf_[A-Za-z0-9]{20,}|sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16})()/g,
  },
  quoted(fieldNames, 'gi'),
  quoted(variableNames, 'g'),
  bare(fieldNames, 'gi'),
  bare(variableNames, 'g'),
  {
    what: underName,
    pattern: new RegExp(
      `((?:^|\\s)--(?:${fieldNames}|token)(?:\\s{1,8}|=))(?!\\[redacted|-)[^\\s"'\\\\]{4,4096}()`,
      'gi',
    ),
  },
]

/** The text with everything that looks like a secret left out. Idempotent. */
export function withoutSecretPatterns(text: string): string {
  return patterns.reduce((left, { pattern }) => left.replace(pattern, `$1${redacted}$2`), text)
}

/** What looks like a secret in a text, and where: 0-based offsets. */
export function findSecrets(text: string): { readonly what: string; readonly at: number }[] {
  return patterns.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)]
      .filter(([whole]) => !whole.includes(redacted))
      .map(({ index, 1: lead }) => ({ what, at: index + (lead ?? '').length })),
  )
}
