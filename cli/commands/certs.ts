import type { Command } from 'commander'
import { callerNamePattern } from '../../shared/domain/access.js'
import { FmworkError } from '../../shared/domain/errors.js'
import { CertificateFolder } from '../certificates/certificate-folder.js'
import type { CertificateFacts, CertificateKind } from '../certificates/authority.js'
import type { CliContext } from '../context.js'
import { collect, wholeNumber } from '../options.js'
import { createOutput } from '../output.js'
import { table } from '../view/line.js'

interface CertsOptions {
  readonly dir: string
  readonly json: boolean
}
interface IssueOptions extends CertsOptions {
  readonly days: number
  readonly host?: readonly string[]
}

const authorityDays = 3650
const certificateDays = 365
/** A coordinator is called by these on its own host, whatever the lab calls it. */
const ownHosts = ['localhost', '127.0.0.1', '::1']

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

function checkName(name: string): string {
  if (callerNamePattern.test(name)) return name
  throw new FmworkError('USAGE', 'a certificate needs a name', {
    problems: [
      {
        field: 'name',
        value: JSON.stringify(name),
        expected: 'expected letters, digits, . _ - (at most 63)',
      },
    ],
  })
}

/** `fmwork certs`: the authority of a lab and its certificates. */
export function certsCommand(
  context: CliContext,
  certs: Command,
  done: (exit: number) => void,
): void {
  const add = (name: string, description: string, example: string) =>
    certs
      .command(name)
      .description(description)
      .option('--dir <dir>', 'folder of the authority and its certificates', 'fmwork-certs')
      .option('--json', 'an object on standard output', false)
      .addHelpText('after', `\nExamples:\n  $ fmwork certs ${example}\n`)
      .exitOverride()
  const say = (options: CertsOptions, verb: string, facts: CertificateFacts) => {
    const { kind, name, expiresAt } = facts
    createOutput(context, options.json).result(
      facts,
      `${verb} the certificate of ${kind} ${name}, valid until ${day(expiresAt)}: ${options.dir}/${name}.crt`,
    )
    done(0)
  }
  const lasting = (days: number) => ({ fromMs: context.clock.wall(), days })

  add('init', 'make the authority (once per lab; keep ca.key to yourself)', 'init --dir lab-certs')
    .option('--name <name>', 'name of the authority', 'fmwork lab')
    .option('--days <count>', 'days that it is valid', wholeNumber(1), authorityDays)
    .action(async (options: CertsOptions & { name: string; days: number }) => {
      await new CertificateFolder(options.dir).init(options.name, lasting(options.days))
      createOutput(context, options.json).result(
        { dir: options.dir, authority: options.name },
        `Made the authority ${options.name} in ${options.dir}. Give ca.crt to everyone, ca.key to no one.`,
      )
      done(0)
    })
  const issue = async (kind: CertificateKind, name: string, options: IssueOptions) => {
    const given = options.host ?? []
    const hosts = kind === 'coordinator' ? [...new Set([...given, ...ownHosts])] : []
    const folder = new CertificateFolder(options.dir)
    const subject = { kind, name: checkName(name), hosts }
    say(options, 'Made', await folder.issue(subject, lasting(options.days)))
  }
  const days = '--days <count>'
  add(
    'coordinator [name]',
    'make the certificate of a coordinator',
    'coordinator --host node0 --host 10.0.0.1',
  )
    .option('--host <host>', 'name or address that it is called at (repeatable)', collect, [])
    .option(days, 'days that it is valid', wholeNumber(1), certificateDays)
    .action((name: string | undefined, options: IssueOptions) =>
      issue('coordinator', name ?? 'coordinator', options),
    )
  for (const kind of ['agent', 'operator', 'viewer'] as const) {
    const whose = kind === 'agent' ? 'an agent; NAME is its --name' : `a person or tool: ${kind}`
    add(`${kind} <name>`, `make the certificate of ${whose}`, `${kind} gpu1`)
      .option(days, 'days that it is valid', wholeNumber(1), certificateDays)
      .action((name: string, options: IssueOptions) => issue(kind, name, options))
  }
  add('renew <name>', 'replace a certificate by a longer one; its key stays', 'renew gpu1')
    .option(days, 'days that it is valid', wholeNumber(1), certificateDays)
    .action(async (name: string, options: IssueOptions) => {
      const folder = new CertificateFolder(options.dir)
      say(options, 'Renewed', await folder.renew(checkName(name), lasting(options.days)))
    })
  add(
    'revoke <name>',
    'let a certificate in no more (coordinator --tls-revoked DIR/revoked.json)',
    'revoke gpu1',
  ).action(async (name: string, options: CertsOptions) => {
    const folder = new CertificateFolder(options.dir)
    say(options, 'Revoked', await folder.revoke(checkName(name), context.clock.wall()))
  })
  add('list', 'list the certificates of a folder', 'list --json').action(
    async (options: CertsOptions) => {
      const output = createOutput(context, options.json)
      const all = await new CertificateFolder(options.dir).list()
      if (options.json) for (const each of all) output.result(each, '')
      else {
        const now = context.clock.wall()
        const rows = all.map(({ name, kind, expiresAt, revoked }) => [
          name,
          kind,
          day(expiresAt),
          revoked ? 'revoked' : expiresAt <= now ? 'expired' : 'valid',
        ])
        output.result({}, table([['name', 'role', 'valid until', 'state'], ...rows]).join('\n'))
      }
      done(0)
    },
  )
}
