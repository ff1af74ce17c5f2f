import { blockKey } from '../../shared/domain/configuration.js'
import type { LeaseShelf } from '../dispatch/store-port.js'
import type { LeaseState, StoredLease } from '../dispatch/store-records.js'
import type { Ids } from './ids.js'
import { toJson } from './json.js'
import { number, text } from './row.js'
import type { Row, Statements } from './statements.js'

export function createLeaseShelf(statements: Statements, ids: Ids): LeaseShelf {
  const leaseOf = (row: Row): StoredLease => {
    const id = number(row, 'id')
    return {
      leaseId: ids.format('l', id),
      token: id,
      sweepId: ids.format('s', number(row, 'sweep_id')),
      blockKey: text(row, 'block_key'),
      agent: text(row, 'agent'),
      devices: number(row, 'tensor_parallel'),
      state: text(row, 'state') as LeaseState,
      grantedAt: number(row, 'granted_at'),
      expiresAt: number(row, 'expires_at'),
    }
  }
  const optionalLease = (row: Row | undefined) => (row === undefined ? undefined : leaseOf(row))
  const leaseRow = (leaseId: string) => ids.parse('l', leaseId) ?? 0
  return {
    grantLease({ sweepId, block, agent, at, expiresAt }) {
      const place = {
        sweep: ids.parse('s', sweepId) ?? 0,
        block_key: blockKey(block),
      }
      return statements.atomically(() => {
        const copy =
          statements.first('free-block-copy', place) ??
          statements.first('add-block-copy', {
            ...place,
            hardware: block.hardware,
            tensor_parallel: block.tensorParallel,
          })
        if (copy === undefined) return undefined
        const granted = statements.first('grant-lease', {
          block: number(copy, 'id'),
          agent,
          at,
          expires_at: expiresAt,
        })
        if (granted === undefined) return undefined
        return optionalLease(statements.first('find-lease', { id: number(granted, 'id') }))
      })
    },
    findLease: (leaseId) =>
      optionalLease(statements.first('find-lease', { id: leaseRow(leaseId) })),
    heldLeases: () => statements.all('list-held-leases').map(leaseOf),
    heldLeasesOf: (agent) => statements.all('list-leases-of-agent', { agent }).map(leaseOf),
    renewLeases(leases) {
      const renewals = leases.map(({ leaseId, expiresAt }) => ({
        id: leaseRow(leaseId),
        expiresAt,
      }))
      statements.run('renew-leases', { renewals: toJson(renewals) })
    },
    followClock(shiftMs) {
      statements.atomically(() => {
        statements.run('shift-running-trials', { shift: shiftMs })
        statements.run('shift-resting-trials', { shift: shiftMs })
        statements.run('shift-held-leases', { shift: shiftMs })
        statements.run('shift-engine-starts', { shift: shiftMs })
        statements.run('shift-cuts', { shift: shiftMs })
      })
    },
    endLease(leaseId, state, at) {
      const lease = leaseRow(leaseId)
      return statements.atomically(() => {
        if (statements.run('end-lease', { id: lease, state, at }) === 0) return false
        statements.run('charge-loss', { lease, at })
        statements.run('requeue-trials', { lease, at })
        return true
      })
    },
  }
}
