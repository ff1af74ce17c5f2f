import { describe, expect, it } from 'vitest'
import {
  agentArguments,
  coordinatorArguments,
  readyAddress,
} from '../../../../cli/processes/program-arguments.js'
import { agentOptions } from '../../../../agent/main.js'
import { coordinatorOptions } from '../../../../coordinator/main.js'

describe('the command lines of the programs', () => {
  it('are what the coordinator understands, on a free loopback port unless told', () => {
    const free = coordinatorOptions(coordinatorArguments({ dataFolder: 'data' }))
    expect(free).toMatchObject({ dataDir: 'data', listen: '127.0.0.1:0' })
    const told = coordinatorArguments({ dataFolder: 'data', listen: '127.0.0.1:7070' })
    expect(coordinatorOptions(told)).toMatchObject({ listen: '127.0.0.1:7070' })
  })

  it('are what the agent understands, with a folder of its own', () => {
    const args = agentArguments({
      name: 'agent-1',
      address: '127.0.0.1:7070',
      dataFolder: 'data',
      engines: ['simulated', 'openai'],
    })
    expect(agentOptions(args)).toMatchObject({
      coordinator: '127.0.0.1:7070',
      name: 'agent-1',
      stateDir: 'data/agents/agent-1',
      engines: ['simulated', 'openai'],
    })
  })
})

describe('a ready line', () => {
  it('tells the address, or the coordinator is wrong', () => {
    expect(readyAddress({ address: '127.0.0.1:4' })).toBe('127.0.0.1:4')
    expect(() => readyAddress({ port: 4 })).toThrow('has no address: {"port":4}')
  })
})
