import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../../agent/run/faults.js'
import { sampleOf } from './sample.js'

const failing = (error: string) => sampleOf({ outcome: 'error', error })
const codeOf = (error: string, remote = false) => faultOf([failing(error)], 4, remote).code

describe('faultOf', () => {
  it.each([
    'HTTP 400 context_length_exceeded This model’s maximum context length is 4096 tokens',
    'HTTP 400 exceed_context_size_error the request exceeds the available context size',
    'HTTP 500 CUDA out of memory. Tried to allocate 2 GiB',
    'STREAM_ERROR 500 OutOfMemoryError',
    'HTTP 413 prompt is too long',
  ])('calls %s infeasible', (error) => {
    expect(codeOf(error)).toBe('CONFIGURATION_INFEASIBLE')
  })

  it.each([
    'HTTP 429 too many requests',
    'HTTP 500 internal error',
    'HTTP 401 wrong api key',
    'STREAM_MALFORMED {',
    'no complete answer within 10 s',
  ])('calls %s a failed request', (error) => {
    expect(codeOf(error)).toBe('REQUEST_FAILED')
  })

  it('tells an engine of its own from a remote one', () => {
    expect(codeOf('ECONNREFUSED connect')).toBe('ENGINE_FAILED')
    expect(codeOf('ECONNREFUSED connect', true)).toBe('ENGINE_UNREACHABLE')
    expect(codeOf('STREAM_BROKEN the server closed mid-stream')).toBe('ENGINE_FAILED')
  })

  it('says how many failed and why the first did', () => {
    expect(faultOf([failing('HTTP 429 slow down')], 4, false).message).toBe(
      '1 of 4 requests failed; the first: HTTP 429 slow down',
    )
  })
})
