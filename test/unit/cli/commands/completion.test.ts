import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { completionCommand, shells } from '../../../../cli/commands/completion.js'
import { createProgram } from '../../../../cli/program.js'
import { fakeContext } from '../fake-context.js'

function scriptFor(shell: string): string {
  const { context, written } = fakeContext()
  const program = createProgram(context, () => undefined)
  expect(completionCommand(context, program, shell)).toBe(0)
  return written.stdout
}

/** What bash offers for a command line; its last word is being typed. */
function offers(...words: string[]): string[] {
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      `${scriptFor('bash')}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _fmwork; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  return stdout.split('\n').filter((line) => line !== '')
}

describe('fmwork completion', () => {
  it('offers commands, and the options of the one that is typed, in bash itself', () => {
    expect(offers('fmwork', 're').sort()).toEqual(['recommend', 'report', 'resume'])
    expect(offers('fmwork', 'recommend', '--pri')).toEqual(['--price', '--prices'])
    expect(offers('fmwork', 'run', '--dry')).toEqual(['--dry-run'])
  })

  it.each(shells)('names every command and option in %s', (shell) => {
    const script = scriptFor(shell)
    for (const command of createProgram(fakeContext().context, () => undefined).commands) {
      expect(script).toContain(command.name())
      for (const { long } of command.options) {
        expect(script).toContain(shell === 'fish' ? `-l ${String(long).slice(2)}` : long)
      }
    }
  })

  it('does not let a description end its quotes', () => {
    for (const line of scriptFor('zsh').split('\n')) {
      expect((line.replaceAll(`'\\''`, '').match(/'/g) ?? []).length % 2).toBe(0)
    }
    for (const line of scriptFor('fish').split('\n').slice(1)) {
      expect((line.replaceAll("\\'", '').match(/'/g) ?? []).length % 2).toBe(0)
    }
  })

  it('refuses a shell that it does not know', () => {
    const { context } = fakeContext()
    const program = createProgram(context, () => undefined)
    expect(() => completionCommand(context, program, 'csh')).toThrow('no completion for csh')
  })
})
