import type { Command } from 'commander'
import { createProgram } from '../../../cli/program.js'
import { fakeContext } from './fake-context.js'

/** The fenced blocks of a Markdown text; `tag` is what stands behind the opening fence. */
export function fencedBlocks(markdown: string): { readonly tag: string; readonly text: string }[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, tag = '', text = '']) => ({
    tag,
    text,
  }))
}

/** The words of one line of a shell, as far as documents use one; those of each command apart. */
export function shellCommands(line: string): string[][] {
  const commands: string[][] = [[]]
  const word = /\s+|&&|\||#.*$|(?:"[^"]*"|'[^']*'|[^\s"'|&#]|#(?<=\S#)|&(?!&))+/g
  for (const [piece] of line.matchAll(word)) {
    if (piece.trim() === '') continue
    if (piece.startsWith('#')) break
    if (piece === '&&' || piece === '|') commands.push([])
    else commands.at(-1)?.push(piece.replaceAll(/["']/g, ''))
  }
  return commands
}

/**
 * What documents tell people to type: the words after `fmwork` of every line that starts with it,
 * behind a prompt (`gpu1$`), variables (`NAME=VALUE`) or `npm run fmwork --`.
 */
export function documentedCommands(markdown: string): string[][] {
  const lines = fencedBlocks(markdown)
    .filter(({ tag }) => tag === '')
    .flatMap(({ text }) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
  return lines
    .map((line) => line.replace(/^\w*\$ +/, ''))
    .flatMap(shellCommands)
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .flatMap((words) => {
      if (words[0] === 'fmwork') return [words.slice(1)]
      return words.slice(0, 4).join(' ') === 'npm run fmwork --' ? [words.slice(4)] : []
    })
    .map((words) => words.filter((word) => word !== '…' && word !== '...'))
}

function silence(command: Command): void {
  command.action(() => undefined)
  for (const inner of command.commands) silence(inner)
}

/** Parses a command line as the program does, and runs nothing. @throws CommanderError */
export function parseCommandLine(words: readonly string[]): void {
  const program = createProgram(fakeContext().context, () => undefined)
  for (const command of program.commands) silence(command)
  program.parse([...words], { from: 'user' })
}
