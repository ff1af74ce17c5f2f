import { existsSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
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

/** The proposal with what the user says instead. */
export async function askedProposal(proposal: Proposal, ask: Ask): Promise<Proposal> {
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
    proposal.model,
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
  tools: { readonly machine?: Machine; readonly terminal?: () => Terminal } = {},
): Promise<number> {
  const output = createOutput(context, options.json)
  if (existsSync(file) && !options.force) {
    throw new FmworkError('USAGE', `${file} exists already`, {
      problems: [{ field: 'file', value: file, expected: 'expected a new file, or --force' }],
    })
  }
  const machine = tools.machine ?? findMachine()
  const proposal = proposalFor(machine, options)
  let chosen = proposal
  if (!options.yes) {
    const open = (tools.terminal ?? terminal)()
    try {
      chosen = await askedProposal(proposal, open.ask)
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
