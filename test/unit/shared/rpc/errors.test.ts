import { Metadata, status } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { errorTable } from '../../../../shared/domain/error-table.js'
import { FmworkError } from '../../../../shared/domain/errors.js'
import type { ErrorCode } from '../../../../shared/domain/error-table.js'
import { errorOfCall, statusOf } from '../../../../shared/rpc/errors.js'

const serviceError = (code: status, details = 'details', metadata = new Metadata()) =>
  Object.assign(new Error(`${code} ${details}`), { code, details, metadata })

describe('an error over the wire', () => {
  it.each(Object.keys(errorTable) as ErrorCode[])('%s arrives as it was', (code) => {
    const problems = [{ field: 'a.b', value: '1', expected: 'two', line: 3, column: 4 }]
    const sent = statusOf(new FmworkError(code, 'message', { problems, hint: 'do this' }))
    expect(sent.code).toBe(status[errorTable[code].grpc])
    const got = errorOfCall(serviceError(sent.code, sent.details, sent.metadata), 'host:1')
    expect(got).toMatchObject({ code, message: 'message', problems, hint: 'do this' })
  })

  it('is small enough for a header, whatever it holds', () => {
    const problems = Array.from({ length: 5000 }, () => ({
      field: 'field',
      expected: 'e'.repeat(100),
    }))
    const { metadata, details } = statusOf(
      new FmworkError('SWEEP_INVALID', 'm'.repeat(1e6), { problems, hint: 'h'.repeat(1e6) }),
    )
    const [bytes] = metadata.get('fmwork-error-bin')
    expect((bytes as Buffer).length).toBeLessThan(10_000)
    expect(details.length).toBeLessThanOrEqual(1024)
  })

  it.each([
    ['not JSON', 'nonsense'],
    ['an unknown code', JSON.stringify({ code: 'toString', message: 'm' })],
  ])('of a stranger (%s) is judged by its status alone', (_, text) => {
    const metadata = new Metadata()
    metadata.set('fmwork-error-bin', Buffer.from(text))
    const got = errorOfCall(serviceError(status.UNAVAILABLE, 'gone', metadata), 'host:1')
    expect(got.code).toBe('COORDINATOR_UNREACHABLE')
  })
})

describe('a bare status', () => {
  it.each([
    [status.UNAVAILABLE, 'COORDINATOR_UNREACHABLE'],
    [status.CANCELLED, 'COORDINATOR_UNREACHABLE'],
    [status.DEADLINE_EXCEEDED, 'COORDINATOR_UNREACHABLE'],
    [status.UNAUTHENTICATED, 'AUTHENTICATION_FAILED'],
    [status.RESOURCE_EXHAUSTED, 'LIMIT_EXCEEDED'],
    [status.UNIMPLEMENTED, 'VERSION_MISMATCH'],
    [status.UNKNOWN, 'INTERNAL'],
  ] as const)('%i becomes %s and names the peer', (code, expected) => {
    const error = errorOfCall(serviceError(code), 'host:1')
    expect(error.code).toBe(expected)
    expect(error.message).toContain('host:1')
  })

  it('of a failed handshake hints at certificates', () => {
    const error = errorOfCall(serviceError(status.UNAVAILABLE, 'SSL alert number 116'), 'host:1')
    expect(error.hint).toContain('--tls-cert')
  })
})
