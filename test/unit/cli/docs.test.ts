import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../../cli/program.js'
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
