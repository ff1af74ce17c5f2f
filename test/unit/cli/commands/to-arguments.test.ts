import { describe, expect, it } from 'vitest'
import { toArguments } from '../../../../cli/commands/daemons.js'

describe('options of the programs, as their own command line', () => {
  it('turns words into flags with their values', () => {
    expect(
      toArguments({ data: 'lab', tokenFile: 'a b', tlsClientCa: 'ca.pem', devices: 2 }),
    ).toEqual([
      '--data',
      'lab',
      '--token-file',
      'a b',
      '--tls-client-ca',
      'ca.pem',
      '--devices',
      '2',
    ])
  })

  it('repeats a flag for each of several values', () => {
    expect(toArguments({ allowEngine: ['embedded', 'openai'], allowBaseUrl: [] })).toEqual([
      '--allow-engine',
      'embedded',
      '--allow-engine',
      'openai',
    ])
  })

  it('gives a switch no value, and leaves out what is off or absent', () => {
    expect(toArguments({ gpu: true, insecure: false, cache: undefined })).toEqual(['--gpu'])
  })
})
