import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { readPermits } from '../../../agent/engine/permit/read-permits.js'
import { createProgram } from '../../../cli/program.js'
import { errorTable } from '../../../shared/domain/error-table.js'
import { spanSpace } from '../../../shared/domain/space.js'
import { parseSweep } from '../../../shared/domain/sweep-file.js'
import { documentedCommands, fencedBlocks, parseCommandLine } from './documented-commands.js'
import { fakeContext } from './fake-context.js'

const text = readFileSync('docs/CLI.md', 'utf8')
const { commands } = createProgram(fakeContext().context, () => undefined)

describe('docs/CLI.md', () => {
  it.each(commands.map((command) => [command.name(), command] as const))(
    'names %s and every option of it',
    (name, command) => {
      expect(text).toContain(`fmwork ${name}`)
      const missing = command.options.flatMap(({ long }) =>
        typeof long === 'string' && !text.includes(long) ? [long] : [],
      )
      expect(missing).toEqual([])
    },
  )
})

const howTos = readdirSync('docs/howto').map((name) => `docs/howto/${name}`)
const documents = [
  ...['README.md', 'docs/CLI.md', 'docs/DASHBOARD.md', 'docs/INTEROP.md', 'docs/OPERATIONS.md'],
  ...['docs/TUTORIAL.md', ...howTos],
]

describe('what documents tell people to type', () => {
  it.each(documents)('is what the program takes: %s', (path) => {
    for (const words of documentedCommands(readFileSync(path, 'utf8'))) {
      expect(() => {
        parseCommandLine(words)
      }, words.join(' ')).not.toThrow()
    }
  })

  it('is found, and is held to the grammar', () => {
    const found = documentedCommands(
      '```\ngpu1$ A=1 fmwork list --data \\\n  "my lab" # all | of them\n$ x && fmwork nope\n```\n',
    )
    expect(found).toEqual([['list', '--data', 'my lab'], ['nope']])
    expect(() => {
      parseCommandLine(['list', '--date', 'lab'])
    }).toThrow(/unknown option/)
    const counts = howTos.map((path) => documentedCommands(readFileSync(path, 'utf8')).length)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(30)
  })

  it('is also what every --help gives as an example', () => {
    const examplesOf = (command: Command): string[] => {
      let help = ''
      command.configureOutput({ writeOut: (written) => void (help += written) }).outputHelp()
      const own = help.split('\n').filter((line) => line.startsWith('  $ fmwork '))
      return [...own, ...command.commands.flatMap(examplesOf)]
    }
    const examples = commands.flatMap(examplesOf)
    expect(examples.length).toBeGreaterThan(60)
    for (const words of documentedCommands(
      `\`\`\`\n${examples.join('\n').replaceAll('  $', '$')}\n\`\`\`\n`,
    )) {
      expect(() => {
        parseCommandLine(words)
      }, words.join(' ')).not.toThrow()
    }
  })

  it('names commands and options that are there, in the cures of errors too', () => {
    const options = new Set<string>()
    const visit = (command: Command) => {
      for (const { long } of command.options) if (typeof long === 'string') options.add(long)
      command.commands.forEach(visit)
    }
    commands.forEach(visit)
    const names = new Set(commands.map((command) => command.name()))
    for (const [code, { hint }] of Object.entries(errorTable)) {
      for (const [, name = ''] of hint.matchAll(/fmwork ([a-z]+)/g))
        expect([...names], code).toContain(name)
      for (const [option] of hint.matchAll(/--[a-z-]+/g)) {
        expect(option === '--help' || options.has(option), `${code}: ${option}`).toBe(true)
      }
    }
  })
})

describe('the files that how-tos show', () => {
  const files = howTos.flatMap((path) =>
    fencedBlocks(readFileSync(path, 'utf8'))
      .filter(({ tag }) => tag === 'yaml')
      .map((block) => [path, /^# (\S+)/.exec(block.text)?.[1] ?? '', block.text] as const),
  )

  it.each(files)('can be used as they are: %s, %s', (_, name, yaml) => {
    expect(name).toMatch(/\.yaml$/)
    if (name !== 'engines.yaml') {
      expect(spanSpace(parseSweep(yaml)).size).toBeGreaterThan(8)
      return
    }
    const folder = mkdtempSync(join(tmpdir(), 'fmwork-howto-'))
    try {
      // The program named is on the reader’s machine, not on this one.
      writeFileSync(
        join(folder, name),
        yaml.replace(/executable: \S+/, `executable: ${process.execPath}`),
      )
      expect(readPermits(join(folder, name))).toBeDefined()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('are some', () => {
    expect(files.length).toBeGreaterThan(4)
  })
})

describe('docs/howto/troubleshooting.md', () => {
  it('has every error, once, with its exit code', () => {
    const page = readFileSync('docs/howto/troubleshooting.md', 'utf8')
    const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(([, code, exit]) => [
      code,
      Number(exit),
    ])
    expect(rows).toHaveLength(Object.keys(errorTable).length)
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(Object.entries(errorTable).map(([code, { exit }]) => [code, exit])),
    )
  })
})
