import { existsSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { firstModel } from '../../agent/engine/openai/endpoint-probe.js'
import { serverRoot } from '../../agent/engine/openai/openai-args.js'
import { parseSweep } from '../../shared/domain/sweep-file.js'
import { spanSpace } from '../../shared/domain/space.js'
import { FmworkError } from '../../shared/domain/errors.js'
import type { CliContext } from '../context.js'
import { findMachine } from '../machine.js'
import type { Machine } from '../machine.js'
import { createOutput } from '../output.js'
import { firstSweep, proposalFor } from '../first-sweep.js'
import type { Proposal } from '../first-sweep.js'

export interface InitOptions {
  readonly yes: boolean
  readonly force: boolean
  readonly json: boolean
  readonly name?: string
  readonly model?: string
  readonly baseUrl?: string
}

/** Asks one question; the answer left empty takes what is proposed. */
export type Ask = (question: string, proposed: string) => Promise<string>

interface Terminal {
  readonly ask: Ask
  readonly close: () => void
}

function terminal(): Terminal {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  return {
    ask: async (question, proposed) => {
      const given = await lines.question(`${question} [${proposed}] `)
      return given.trim() === '' ? proposed : given.trim()
    },
    close: () => {
      lines.close()
    },
  }
}

/** The first model that a server names. @throws FmworkError ENGINE_UNREACHABLE */
type AskServer = (baseUrl: string) => Promise<string>

const patienceMs = 10_000

async function firstServed(baseUrl: string): Promise<string> {
  const signal = AbortSignal.timeout(patienceMs)
  try {
    return await firstModel({ baseUrl: serverRoot(baseUrl), apiKey: undefined, signal })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new FmworkError('ENGINE_UNREACHABLE', why, {
      hint: 'Start the server, or say with --model what it will call the model.',
      cause,
    })
  }
}

/** The proposal with what the user says instead. */
export async function askedProposal(
  proposal: Proposal,
  ask: Ask,
  served: AskServer = firstServed,
): Promise<Proposal> {
  const name = await ask('What shall the sweep be called?', proposal.name)
  const baseUrl = await ask(
    'URL of a running OpenAI-compatible server (none: an engine is started here)',
    proposal.baseUrl ?? 'none',
  )
  const attached = baseUrl !== 'none'
  const model = await ask(
    attached
      ? 'Which model does it serve?'
      : 'Which model? A preset (fmwork-nano, fmwork-micro, fmwork-small) or a .gguf',
    attached && baseUrl !== proposal.baseUrl ? await served(baseUrl) : proposal.model,
  )
  const largest = Number(
    await ask('Largest batch size or concurrency?', String(proposal.largestLoad)),
  )
  const budget = await ask('How long may it take at most (such as 5m)?', proposal.wallTime)
  const price = await ask(
    `USD per device-hour of ${proposal.hardware} (none: not known)`,
    proposal.usdPerDeviceHour === undefined ? 'none' : String(proposal.usdPerDeviceHour),
  )
  return {
    hardware: proposal.hardware,
    name,
    model,
    largestLoad: largest,
    wallTime: budget,
    ...(attached ? { baseUrl } : {}),
    ...(price === 'none' ? {} : { usdPerDeviceHour: Number(price) }),
  }
}

/** `fmwork init [FILE]`: writes a commented sweep file that fits this machine. */
export async function initCommand(
  context: CliContext,
  file: string,
  options: InitOptions,
  tools: {
    readonly machine?: Machine
    readonly terminal?: () => Terminal
    readonly served?: AskServer
  } = {},
): Promise<number> {
  const output = createOutput(context, options.json)
  if (existsSync(file) && !options.force) {
    throw new FmworkError('USAGE', `${file} exists already`, {
      problems: [{ field: 'file', value: file, expected: 'expected a new file, or --force' }],
    })
  }
  const machine = tools.machine ?? findMachine()
  const { baseUrl, model } = options
  const served = tools.served ?? firstServed
  const asked = baseUrl !== undefined && model === undefined
  const proposal = proposalFor(machine, {
    ...options,
    ...(asked ? { model: await served(baseUrl) } : {}),
  })
  let chosen = proposal
  if (!options.yes) {
    const open = (tools.terminal ?? terminal)()
    try {
      chosen = await askedProposal(proposal, open.ask, served)
    } finally {
      open.close()
    }
  }
  const text = firstSweep(chosen, machine)
  // What was answered may be no sweep: it is told before anything is written.
  const { size } = spanSpace(parseSweep(text), [chosen.hardware])
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new FmworkError('DATA_FOLDER_UNWRITABLE', `cannot write ${file}`, { cause })
  }
  output.result(
    { event: 'init', file, sweep: chosen.name, configurations: size, machine },
    [
      `Wrote ${file}: ${size.toLocaleString('en')} configurations on ${machine.words}.`,
      `Next:  fmwork plan ${file}      what it would measure, and its price`,
      `       fmwork run ${file}       measure it`,
    ].join('\n'),
  )
  return 0
}
