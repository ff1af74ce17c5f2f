import type { Command, Option } from 'commander'
import { FmworkError } from '../../shared/domain/errors.js'
import type { CliContext } from '../context.js'

export const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

interface Word {
  readonly name: string
  readonly description: string
}

/** One command as a shell must know it; nested ones are left to their own help. */
interface Completable extends Word {
  readonly options: readonly (Word & { readonly takesValue: boolean })[]
  readonly nested: readonly Word[]
}

const takesValue = ({ required, optional }: Option): boolean => required || optional

/** Reads the whole grammar from the commander tree, so that nothing is listed twice. */
function completables(program: Command): Completable[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    nested: command.commands.map((each) => ({
      name: each.name(),
      description: each.description(),
    })),
    options: [
      ...command.options.flatMap((option) =>
        option.long === undefined
          ? []
          : [
              {
                name: option.long,
                description: option.description,
                takesValue: takesValue(option),
              },
            ],
      ),
      { name: '--help', description: 'show help', takesValue: false },
    ],
  }))
}

const names = (words: readonly Word[]): string => words.map(({ name }) => name).join(' ')

function bash(commands: readonly Completable[]): string {
  const cases = commands.map(
    ({ name, options, nested }) => `    ${name}) words='${names([...nested, ...options])}' ;;`,
  )
  return [
    '# bash completion of fmwork: eval "$(fmwork completion bash)"',
    '_fmwork() {',
    '  local current=${COMP_WORDS[COMP_CWORD]} words',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W '${names(commands)} --help --version' -- "$current"))`,
    '    return',
    '  fi',
    '  case ${COMP_WORDS[1]} in',
    ...cases,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  case $current in -*) ;; *) COMPREPLY+=($(compgen -f -- "$current")) ;; esac',
    '}',
    'complete -o filenames -F _fmwork fmwork',
    '',
  ].join('\n')
}

/** Inside single quotes of any of the shells. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** zsh reads brackets and colons of a description as its own grammar. */
const zshWords = (text: string): string => text.replace(/[[\]:\\]/g, (sign) => `\\${sign}`)

function zsh(commands: readonly Completable[]): string {
  const list = commands.map(({ name, description }) => quoted(`${name}:${zshWords(description)}`))
  const cases = commands.map(({ name, options, nested }) => {
    const flags = options.map((option) =>
      quoted(
        `*${option.name}[${zshWords(option.description)}]${option.takesValue ? ':value:_files' : ''}`,
      ),
    )
    const rest =
      nested.length > 0 ? quoted(`1:command:(${names(nested)})`) : quoted('*:file:_files')
    return `    ${name}) _arguments ${[...flags, rest].join(' ')} ;;`
  })
  return [
    '#compdef fmwork',
    '# zsh completion of fmwork: eval "$(fmwork completion zsh)"',
    '_fmwork() {',
    `  local -a commands=(${list.join(' ')})`,
    '  if (( CURRENT == 2 )); then',
    "    _describe 'command' commands",
    '    return',
    '  fi',
    '  local name=$words[2]',
    '  shift words',
    '  (( CURRENT-- ))',
    '  case $name in',
    ...cases,
    '  esac',
    '}',
    'compdef _fmwork fmwork',
    '',
  ].join('\n')
}

/** fish reads a backslash and a quote inside single quotes only. */
const fishQuoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

function fish(commands: readonly Completable[]): string {
  const lines = commands.flatMap(({ name, description, options, nested }) => [
    `complete -c fmwork -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(description)}`,
    ...nested.map(
      (each) =>
        `complete -c fmwork -n '__fish_seen_subcommand_from ${name}' -f -a ${each.name} -d ${fishQuoted(each.description)}`,
    ),
    ...options.map(
      (option) =>
        `complete -c fmwork -n '__fish_seen_subcommand_from ${name}' -l ${option.name.slice(2)}${option.takesValue ? ' -r' : ''} -d ${fishQuoted(option.description)}`,
    ),
  ])
  return ['# fish completion of fmwork: fmwork completion fish | source', ...lines, ''].join('\n')
}

const scripts: Readonly<Record<Shell, (commands: readonly Completable[]) => string>> = {
  bash,
  zsh,
  fish,
}

/** `fmwork completion SHELL`: a script for the shell to read, made from the commands as they are. */
export function completionCommand(context: CliContext, program: Command, shell: string): number {
  const known = shells.find((each) => each === shell)
  if (known === undefined) {
    throw new FmworkError('USAGE', `no completion for ${shell}`, {
      problems: [{ field: 'shell', value: shell, expected: `expected ${shells.join(', ')}` }],
    })
  }
  context.stdout.write(scripts[known](completables(program)))
  return 0
}
