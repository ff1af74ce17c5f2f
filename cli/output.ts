import { withoutSecrets } from '../shared/process/secrets.js'
import type { CliContext } from './context.js'

/**
 * What a command says. With `--json` standard output carries one JSON object per line and nothing
 * else; notes for people always go to standard error then.
 */
export interface Output {
  readonly json: boolean
  /** A result: an object per line with `--json`, the text otherwise. */
  readonly result: (object: object, text: string) => void
  /** Something worth knowing that is not the result. */
  readonly note: (text: string) => void
}

export function createOutput(
  context: Pick<CliContext, 'stdout' | 'stderr'>,
  json: boolean,
): Output {
  const { stdout, stderr } = context
  return {
    json,
    result(object, text) {
      stdout.write(`${withoutSecrets(json ? JSON.stringify(object) : text)}\n`)
    },
    note(text) {
      const sink = json ? stderr : stdout
      sink.write(`${withoutSecrets(text)}\n`)
    },
  }
}
