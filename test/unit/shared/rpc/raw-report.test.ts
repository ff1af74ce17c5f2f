import { describe, expect, it } from 'vitest'
import { rawReport } from '../../../../shared/rpc/codec/raw-report.js'
import { AgentService } from '../../../../shared/rpc/schema.js'

const { requestSerialize, requestDeserialize } = AgentService.service.Report
const trialSamples = {
  leaseId: 'lease',
  token: 2 ** 40,
  trialId: 'trial',
  samples: [{ chunkAtS: [0.1, 0.2], outcome: 'ok' }],
}
const bytesOf = (agent: string) =>
  requestSerialize({ agent, sequence: 2 ** 50, items: [{ trialSamples }, { trialSamples }] })

describe('the name that an undecoded report is held against', () => {
  it('is that of the message, wherever and however often it stands there', () => {
    for (const agent of ['node-1', 'ä'.repeat(300), '']) {
      expect(rawReport(bytesOf(agent)).agent).toBe(agent)
    }
    const twice = Buffer.concat([bytesOf('first'), bytesOf('second')])
    expect(rawReport(twice).agent).toBe(requestDeserialize(twice).agent)
  })

  it('is none where the bytes are no message', () => {
    const whole = bytesOf('node-1')
    expect(rawReport(whole.subarray(0, whole.length - 1)).agent).toBe('')
    expect(rawReport(Buffer.concat([whole, Buffer.of(0xff)])).agent).toBe('')
    expect(rawReport(Buffer.concat([whole, Buffer.of(0x0b)])).agent).toBe('')
  })
})
