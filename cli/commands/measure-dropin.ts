import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { wholeNumber } from '../options.js'

/**
 * Flags of `vllm bench serve` beside those that say what is measured: how tokens are drawn, other names
 * for the same, and those that mean nothing here, where the server itself counts the tokens.
 */
export interface DropInOptions {
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly minP?: number
  readonly frequencyPenalty?: number
  readonly presencePenalty?: number
  readonly repetitionPenalty?: number
  readonly extraBody?: Readonly<Record<string, unknown>>
  readonly inputLen?: number
  readonly outputLen?: number
  readonly servedModelName?: string
}

/** Each with the field that it sets in a request. */
const sampling = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  repetitionPenalty: 'repetition_penalty',
} as const satisfies Partial<Record<keyof DropInOptions, string>>

/** Fields that say what is measured: another value would make the figures those of something else. */
const ours = ['model', 'prompt', 'messages', 'max_tokens', 'min_tokens', 'stream', 'stream_options']

/** What requests carry besides what they ask for; undefined when nothing was said. */
export function extraBodyOf(options: DropInOptions): Readonly<Record<string, unknown>> | undefined {
  const drawn = Object.entries(sampling).flatMap(([option, field]) => {
    const value = options[option as keyof typeof sampling]
    return value === undefined ? [] : [[field, value] as const]
  })
  const body = { ...Object.fromEntries(drawn), ...options.extraBody }
  return Object.keys(body).length === 0 ? undefined : body
}

function finite(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new InvalidArgumentError('expected a number')
  }
  return value
}

function bodyObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError('expected a JSON object, such as {"seed": 1}')
  }
  const taken = Object.keys(value).find((key) => ours.includes(key))
  if (taken !== undefined) {
    throw new InvalidArgumentError(`expected no ${taken}: that is what is measured`)
  }
  return value as Readonly<Record<string, unknown>>
}

const without = [
  '--disable-tqdm',
  '--trust-remote-code',
  '--skip-tokenizer-init',
  '--tokenizer-mode <mode>',
  '--ready-check-timeout-sec <seconds>',
]

export function withDropIns(command: Command): Command {
  for (const flags of without) {
    command.addOption(new Option(flags, 'taken, and without effect').hideHelp())
  }
  return command
    .option('--input-len <tokens>', 'the same as --random-input-len', wholeNumber(1))
    .option('--output-len <tokens>', 'output length, whatever the data set', wholeNumber(1))
    .option('--served-model-name <name>', 'model to ask for, where it is not --model')
    .option('--temperature <value>', 'of sampling (default: 0)', finite)
    .option('--top-p <value>', 'of sampling', finite)
    .option('--top-k <value>', 'of sampling', finite)
    .option('--min-p <value>', 'of sampling', finite)
    .option('--frequency-penalty <value>', 'of sampling', finite)
    .option('--presence-penalty <value>', 'of sampling', finite)
    .option('--repetition-penalty <value>', 'of sampling', finite)
    .option('--extra-body <json>', 'fields that every request carries besides', bodyObject)
}
