import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { TLSSocket } from 'node:tls'
import type { Caller, Role } from '../../../shared/domain/access.js'
import { asFmworkError, FmworkError } from '../../../shared/domain/errors.js'
import type { Clock } from '../../../shared/process/clock.js'
import type { Gate } from '../../../shared/rpc/access/gate.js'

/** Seconds for which a browser stays signed in. */
const sessionSeconds = 12 * 3600
const sessionsKept = 256
const cookieName = 'fmwork_session'
/** The roles that may read, and those that may change something, as over gRPC. */
const readers: readonly Role[] = ['operator', 'viewer']
const operators: readonly Role[] = ['operator']

const refused = (message: string, hint: string) =>
  new FmworkError('AUTHENTICATION_FAILED', message, { hint })

/** The name in a Host header, brackets and port left off. */
function hostNameOf(header: string): string | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(header)
  return (match?.[1] ?? match?.[2])?.toLowerCase()
}

export interface GuardOptions {
  /** The coordinator’s own gate: one list of who may do what for both doors. */
  readonly gate: Gate
  readonly clock: Clock
  /** True where the door speaks TLS. */
  readonly secure: boolean
  /** Where the door listens. */
  readonly boundHost: string
}

interface Session {
  readonly token: string
  /** Seconds of the clock. */
  readonly endsAt: number
}

/** Who may ask this door for what. */
export class Guard {
  readonly #options: GuardOptions
  readonly #names: ReadonlySet<string>
  readonly #sessions = new Map<string, Session>()

  constructor(options: GuardOptions) {
    this.#options = options
    this.#names = new Set(['localhost', options.boundHost.toLowerCase(), hostname().toLowerCase()])
  }

  get guarded(): boolean {
    return this.#options.gate.guarded
  }

  /**
   * Refuses what another site could make a browser send: a name that was rebound to this address
   * (an address itself cannot be), and a change that did not start on a page of ours.
   *
   * @throws FmworkError AUTHENTICATION_FAILED
   */
  checkOrigin(request: IncomingMessage): void {
    const { host, origin } = request.headers
    const name = host === undefined ? undefined : hostNameOf(host)
    const known = name !== undefined && (this.#names.has(name) || isIP(name) !== 0)
    // A cookie belongs to the name it was given for, so a rebound name brings none.
    if (host === undefined || name === undefined || !(known || this.guarded)) {
      throw refused(
        `this coordinator is not called ${JSON.stringify(host ?? '')}`,
        'Open it by its address, or by localhost.',
      )
    }
    if (request.method === 'GET' || request.method === 'HEAD') return
    const site = request.headers['sec-fetch-site']
    const ours = `${this.#options.secure ? 'https' : 'http'}://${host}`
    const foreign =
      (origin !== undefined && origin.toLowerCase() !== ours.toLowerCase()) ||
      (site !== undefined && site !== 'same-origin' && site !== 'none')
    if (foreign) throw refused('a change from another site', 'Make it on the dashboard itself.')
  }

  /** Undefined for a caller who is not let in. */
  callerOf(request: IncomingMessage): Caller | undefined {
    try {
      return this.#admit(request)
    } catch (thrown) {
      if (asFmworkError(thrown).code === 'AUTHENTICATION_FAILED') return undefined
      throw thrown
    }
  }

  /** Whether {@link checkCaller} would let this request pass by now. */
  admits(request: IncomingMessage): boolean {
    try {
      this.checkCaller(request)
      return true
    } catch (thrown) {
      if (asFmworkError(thrown).code === 'INTERNAL') throw thrown
      return false
    }
  }

  /** @throws FmworkError AUTHENTICATION_FAILED, NOT_PERMITTED */
  checkCaller(request: IncomingMessage): void {
    const { name, roles } = this.#admit(request)
    const admitted = request.method === 'POST' ? operators : readers
    if (roles.some((role) => admitted.includes(role))) return
    throw new FmworkError(
      'NOT_PERMITTED',
      `${name} is ${roles.join(', ') || 'without a role'}; this takes ${admitted.join(' or ')}`,
    )
  }

  /**
   * A session for who brings a token. The token is held up to the gate at every request, so that a
   * revoked one loses its sessions.
   *
   * @returns who it is, and the Set-Cookie header. @throws FmworkError AUTHENTICATION_FAILED
   */
  signIn(request: IncomingMessage, token: string): { caller: Caller; cookie: string } {
    const caller = this.#options.gate.admit({ token, ...certificateOf(request) })
    const secret = randomBytes(32).toString('base64url')
    const oldest = this.#sessions.keys().next()
    if (this.#sessions.size >= sessionsKept && oldest.done !== true) {
      this.#sessions.delete(oldest.value)
    }
    const endsAt = this.#options.clock.monotonic() + sessionSeconds
    this.#sessions.set(secret, { token, endsAt })
    const secure = this.#options.secure ? '; Secure' : ''
    const cookie = `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${sessionSeconds}${secure}`
    return { caller, cookie }
  }

  /** @throws FmworkError AUTHENTICATION_FAILED */
  #admit(request: IncomingMessage): Caller {
    const token = this.#tokenOf(request)
    return this.#options.gate.admit({
      ...(token === undefined ? {} : { token }),
      ...certificateOf(request),
    })
  }

  #tokenOf({ headers }: IncomingMessage): string | undefined {
    const { authorization, cookie } = headers
    if (authorization?.startsWith('Bearer ') === true) return authorization.slice('Bearer '.length)
    const secret = cookie
      ?.split(/;\s*/)
      .find((part) => part.startsWith(`${cookieName}=`))
      ?.slice(cookieName.length + 1)
    const session = secret === undefined ? undefined : this.#sessions.get(secret)
    const good = session !== undefined && session.endsAt > this.#options.clock.monotonic()
    return good ? session.token : undefined
  }
}

/** What a client showed that TLS has verified against our authority. */
function certificateOf({ socket }: IncomingMessage) {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return {}
  const certificate = socket.getPeerCertificate()
  return Object.keys(certificate).length === 0 ? {} : { certificate }
}
