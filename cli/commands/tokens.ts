import { writeFileSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import { callerNamePattern, roles } from '../../shared/domain/access.js'
import type { Role, StoredToken } from '../../shared/domain/access.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { given } from '../../shared/process/program-options.js'
import { readTokenList, writeTokenList } from '../../shared/rpc/access/access-files.js'
import { mintToken } from '../../shared/rpc/access/token.js'
import type { CliContext } from '../context.js'
import { wholeNumber } from '../options.js'
import { createOutput } from '../output.js'
import { table } from '../view/line.js'

interface TokensOptions {
  readonly tokens: string
  readonly json: boolean
}
interface CreateOptions extends TokensOptions {
  readonly role: Role
  readonly agent?: string
  readonly anyAgent?: boolean
  readonly days?: number
  readonly out?: string
}

const dayMs = 86_400_000
const day = (ms: number | undefined): string =>
  ms === undefined ? 'never' : new Date(ms).toISOString().slice(0, 10)

const wrong = (field: string, value: string, expected: string): FmworkError =>
  new FmworkError('USAGE', 'no token of that description can be made', {
    problems: [{ field, value: JSON.stringify(value), expected }],
  })

/** The agent that a new token is bound to: by default the one of its name. */
function boundAgent(name: string, { role, agent, anyAgent }: CreateOptions): string | undefined {
  if (role !== 'agent') {
    if (agent === undefined && anyAgent !== true) return undefined
    throw wrong('--role', role, 'expected agent beside --agent and --any-agent')
  }
  if (anyAgent === true) return undefined
  const bound = agent ?? name
  if (!callerNamePattern.test(bound)) throw wrong('--agent', bound, 'expected an agent’s name')
  return bound
}

function stateOf({ expiresAt, revokedAt }: StoredToken, nowMs: number): string {
  if (revokedAt !== undefined) return 'revoked'
  return expiresAt !== undefined && expiresAt <= nowMs ? 'expired' : 'valid'
}

/** `fmwork tokens`: who may come in, with which role. */
export function tokensCommand(
  context: CliContext,
  tokens: Command,
  done: (exit: number) => void,
): void {
  const add = (name: string, description: string, example: string) =>
    tokens
      .command(name)
      .description(description)
      .option('--tokens <file>', 'the list of tokens', 'fmwork-tokens.json')
      .option('--json', 'an object on standard output', false)
      .addHelpText('after', `\nExamples:\n  $ fmwork tokens ${example}\n`)
      .exitOverride()

  add('create <name>', 'make a token and print it, once', 'create gpu1 --role agent --days 90')
    .addOption(
      new Option('--role <role>', 'what its bearer may do').choices(roles).makeOptionMandatory(),
    )
    .option('--agent <name>', 'role agent: the only agent it may speak for; NAME when absent')
    .option('--any-agent', 'role agent: it may speak for any agent (one token for a fleet)')
    .option('--days <count>', 'days that it is valid; for ever when absent', wholeNumber(1))
    .option('--out <file>', 'write it to this new file instead of printing it')
    .action((name: string, options: CreateOptions) => {
      if (!callerNamePattern.test(name)) {
        throw wrong('name', name, 'expected letters, digits, . _ - (at most 63)')
      }
      const list = readTokenList(options.tokens)
      const now = context.clock.wall()
      const { token, stored } = mintToken({
        name,
        role: options.role,
        createdAt: now,
        ...given({
          agent: boundAgent(name, options),
          expiresAt: options.days === undefined ? undefined : now + options.days * dayMs,
        }),
      })
      if (options.out !== undefined) writeSecret(options.out, token)
      writeTokenList(options.tokens, [...list, stored])
      const { id, role, agent, expiresAt } = stored
      const facts = given({ id, name, role, agent, expiresAt, file: options.out })
      if (options.out === undefined) {
        // The one place where a secret is shown, so not through what leaves secrets out.
        const shown = options.json ? JSON.stringify({ ...facts, token }) : token
        context.stdout.write(`${shown}\n`)
      } else
        createOutput(context, options.json).result(
          facts,
          `Wrote the token of ${name} to ${options.out}.`,
        )
      done(0)
    })
  add('list', 'list the tokens, without their secrets', 'list --json').action(
    (options: TokensOptions) => {
      const output = createOutput(context, options.json)
      const now = context.clock.wall()
      const list = readTokenList(options.tokens)
      if (options.json) {
        for (const { id, name, role, agent, createdAt, expiresAt, revokedAt } of list) {
          output.result(given({ id, name, role, agent, createdAt, expiresAt, revokedAt }), '')
        }
      } else {
        const rows = list.map((each) => [
          each.id,
          each.name,
          each.role,
          each.role === 'agent' ? (each.agent ?? 'any') : '',
          day(each.expiresAt),
          stateOf(each, now),
        ])
        const head = ['id', 'name', 'role', 'agent', 'expires', 'state']
        output.result({}, table([head, ...rows]).join('\n'))
      }
      done(0)
    },
  )
  add(
    'revoke <token>',
    'let the tokens of an id or a name in no more; running coordinators notice at once',
    'revoke gpu1',
  ).action((named: string, options: TokensOptions) => {
    const list = readTokenList(options.tokens)
    const meant = list.filter(({ id, name }) => id === named || name === named)
    if (meant.length === 0) {
      throw new FmworkError('USAGE', `${options.tokens} has no token ${named}`, {
        problems: [{ field: 'token', value: named, expected: 'expected an id or a name' }],
        hint: 'Run `fmwork tokens list` to see them.',
      })
    }
    const revokedAt = context.clock.wall()
    writeTokenList(
      options.tokens,
      list.map((each) => (meant.includes(each) ? { revokedAt, ...each } : each)),
    )
    createOutput(context, options.json).result(
      { revoked: meant.map(({ id }) => id) },
      `Revoked ${meant.map(({ id, name }) => `${name} (${id})`).join(', ')}.`,
    )
    done(0)
  })
}

/** Readable by its owner only; never over a file that is there. */
function writeSecret(path: string, token: string): void {
  try {
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new FmworkError('USAGE', `cannot write the token to ${path}`, {
      problems: [
        {
          field: '--out',
          value: path,
          expected: error instanceof Error ? error.message : String(error),
        },
      ],
      cause: error,
    })
  }
}
