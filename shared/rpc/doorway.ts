import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { FmworkError } from '../domain/errors.js'
import type { Cancel, Clock } from '../process/clock.js'
import { formatAddress } from '../process/config.js'
import type { Address } from '../process/config.js'
import type { Limits } from './limits.js'
import type { Warn } from './sparing-log.js'
import { TokenBuckets } from './token-bucket.js'

/** The open port, in front of gRPC: who may connect at all. */
export interface Doorway {
  readonly port: number
  /** The connection from `peer`, ADDRESS:PORT, has made a call. */
  called(peer: string): void
  /** Accepts no more; what is connected stays until gRPC or `cut` ends it. */
  close(): Promise<void>
  /** Ends every connection at once. */
  cut(): void
}

export interface DoorwayOptions {
  readonly address: Address
  readonly limits: Limits
  readonly clock: Clock
  readonly warn: Warn
  /** Takes over a connection that was let in. */
  readonly admit: (connection: Socket) => void
}

/**
 * Opens the port. Connections beyond the limits, or that come too fast, are closed before a byte is
 * read; those that have made no call after a while (slow-loris) are closed too.
 *
 * @throws FmworkError PORT_IN_USE, USAGE
 */
export async function openDoorway(options: DoorwayOptions): Promise<Doorway> {
  const { address, limits, clock, warn, admit } = options
  /** By peer, with what stops the wait for its first call. */
  const open = new Map<string, { readonly connection: Socket; readonly cancel: Cancel }>()
  const perHost = new Map<string, number>()
  const connects = new TokenBuckets(limits.connectsPerSecond, limits.connectsAtOnce)
  const server = createServer({ noDelay: true }, (connection) => {
    const host = connection.remoteAddress ?? 'unknown'
    const fromHost = perHost.get(host) ?? 0
    const refuse = (what: string) => {
      warn({ host, connections: open.size, fromHost }, what)
      connection.destroy()
    }
    if (open.size >= limits.connections || fromHost >= limits.connectionsPerHost) {
      refuse('too many connections')
      return
    }
    if (!connects.take(host, clock.monotonic())) {
      refuse('too many connections a second')
      return
    }
    const peer = `${host}:${connection.remotePort}`
    const cancel = clock.after(limits.openingSeconds, () => {
      warn({ host, bytes: connection.bytesRead }, 'connection made no call')
      connection.destroy()
    })
    open.set(peer, { connection, cancel })
    perHost.set(host, fromHost + 1)
    connection.on('close', () => {
      cancel()
      open.delete(peer)
      const left = (perHost.get(host) ?? 1) - 1
      if (left > 0) perHost.set(host, left)
      else perHost.delete(host)
    })
    // A connection that breaks is the peer’s affair; unheard it would end the process.
    connection.on('error', () => connection.destroy())
    admit(connection)
  })
  await listening(address, (done, failed) => {
    server.once('error', failed)
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', failed)
      server.on('error', (error) => warn({ err: error }, 'the port has trouble'))
      done()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      return closed
    },
    called: (peer) => open.get(peer)?.cancel(),
    cut() {
      for (const { connection } of open.values()) connection.destroy()
    },
  }
}

function listening(
  address: Address,
  start: (done: () => void, failed: (error: NodeJS.ErrnoException) => void) => void,
): Promise<void> {
  const wanted = formatAddress(address)
  return new Promise((resolve, reject) => {
    start(resolve, (error) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new FmworkError('PORT_IN_USE', `${wanted} is in use by another program`, {
              cause: error,
            })
          : new FmworkError('USAGE', `cannot listen on ${wanted}`, {
              problems: [{ field: '--listen', value: wanted, expected: error.message }],
              cause: error,
            }),
      )
    })
  })
}
