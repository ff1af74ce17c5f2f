import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProgram } from '../../../../cli/program.js'
import { createGate } from '../../../../shared/rpc/access/gate.js'
import { fakeContext } from '../fake-context.js'

let folder: string
let list: string
let stage: ReturnType<typeof fakeContext>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fmwork-tokens-'))
  list = join(folder, 'tokens.json')
  stage = fakeContext()
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Runs `fmwork tokens …` on the list of this test; what it wrote to standard output. */
async function tokens(...args: string[]): Promise<string> {
  const before = stage.written.stdout.length
  const program = createProgram(stage.context, () => undefined)
  await program.parseAsync(['node', 'fmwork', 'tokens', ...args, '--tokens', list])
  return stage.written.stdout.slice(before).trim()
}
const gate = () => createGate({ tokenList: list }, stage.clock)

describe('fmwork tokens', () => {
  it('makes a token that a coordinator knows, bound to the agent of its name', async () => {
    const token = await tokens('create', 'gpu1', '--role', 'agent')
    expect(gate().admit({ token })).toEqual({ name: 'gpu1', roles: ['agent'], agent: 'gpu1' })
    expect(readFileSync(list, 'utf8')).not.toContain(token.slice(16))
  })

  it('binds to another agent, or to none, when told so', async () => {
    const other = await tokens('create', 'ada', '--role', 'agent', '--agent', 'gpu7')
    const fleet = await tokens('create', 'fleet', '--role', 'agent', '--any-agent')
    expect(gate().admit({ token: other }).agent).toBe('gpu7')
    expect(gate().admit({ token: fleet }).agent).toBeUndefined()
    await expect(tokens('create', 'bob', '--role', 'viewer', '--any-agent')).rejects.toThrow(
      expect.objectContaining({ code: 'USAGE' }) as Error,
    )
  })

  it('writes a secret to a new file of its owner, and prints nothing of it', async () => {
    const file = join(folder, 'operator.token')
    const said = await tokens('create', 'ci', '--role', 'operator', '--out', file, '--json')
    const token = readFileSync(file, 'utf8').trim()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(said).not.toContain(token.slice(16))
    expect(gate().admit({ token }).roles).toEqual(['operator'])
    await expect(tokens('create', 'ci2', '--role', 'operator', '--out', file)).rejects.toThrow(
      expect.objectContaining({ code: 'USAGE' }) as Error,
    )
    expect(await tokens('list')).not.toContain('ci2')
  })

  it('lists names, roles and states without a hash, and revokes by name', async () => {
    const made = JSON.parse(
      await tokens('create', 'eve', '--role', 'viewer', '--days', '2', '--json'),
    ) as { token: string; id: string }
    const open = gate()
    expect(open.admit(made).name).toBe('eve')
    expect(await tokens('list')).toMatch(new RegExp(`${made.id} +eve +viewer +.* valid`))
    await tokens('revoke', 'eve')
    expect(() => open.admit(made)).toThrow(/revoked/)
    expect(await tokens('list')).toContain('revoked')
    expect(await tokens('list', '--json')).not.toContain('sha256')
    await expect(tokens('revoke', 'nobody')).rejects.toThrow(/has no token nobody/)
  })

  it('lets a token of two days in for two days', async () => {
    const token = await tokens('create', 'short', '--role', 'viewer', '--days', '2')
    const open = gate()
    await stage.clock.advance(2 * 86_400 - 1)
    expect(open.admit({ token }).name).toBe('short')
    await stage.clock.advance(1)
    expect(() => open.admit({ token })).toThrow(/has expired/)
  })
})
