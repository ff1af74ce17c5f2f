import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { seconds } from '../shared/domain/sweep.js'

/** Option parsers and option groups, so that one word means one thing in every command. */

export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < minimum) {
      throw new InvalidArgumentError(`expected a whole number of ${minimum} or more`)
    }
    return value
  }
}

export function shareList(text: string): number[] {
  const shares = text.split(',').map(Number)
  if (shares.some((share) => !(share > 0 && share <= 1))) {
    throw new InvalidArgumentError('expected shares above 0 and at most 1, such as 0.05,0.1')
  }
  return shares
}

export function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('expected a number between 0 and 1')
  return value
}

/** Takes `5%` or `0.05`. */
export function relativeDifference(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (text.trim() === '' || !(value >= 0 && value < 10)) {
    throw new InvalidArgumentError('expected a share such as 5% or 0.05')
  }
  return value
}

export function positiveNumber(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('expected a number above 0')
  }
  return value
}

/** Seconds, from the durations that a sweep file takes: 90, 90s, 10m, 2h. */
export function duration(text: string): number {
  const plain = Number(text)
  const parsed = seconds.safeParse(Number.isNaN(plain) ? text : plain)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'expected a duration')
}

export const collect = (text: string, before: string[]): string[] => [...before, text]

/** Where the coordinator is, and how to answer. */
export function withDesk(command: Command): Command {
  return command
    .option('--data <dir>', 'data folder of sweeps, results and logs', 'fmwork-data')
    .option(
      '--coordinator <host:port>',
      'use this running coordinator instead of one of the data folder',
    )
    .option('--token-file <file>', 'join token of that coordinator')
    .option('--tls-ca <file>', 'authority of its certificate (PEM)')
    .option('--tls-cert <file>', 'certificate to show it (PEM)')
    .option('--tls-key <file>', 'the key of that certificate (PEM)')
    .option('--json', 'an object per line on standard output', false)
}

/** Local agents, for commands that measure. */
export function withAgents(command: Command): Command {
  return withDesk(command)
    .option('--agents <count>', 'agents to start on this host', wholeNumber(1), 2)
    .option('--listen <host:port>', 'where the coordinator started here listens')
    .option('--http <host:port>', 'where it serves its dashboard', '127.0.0.1:0')
    .option('--no-http', 'serve no dashboard')
    .option('--open', 'show the dashboard in a browser')
}
