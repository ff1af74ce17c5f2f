import { credentials } from '@grpc/grpc-js'
import type { ChannelCredentials, ClientOptions, ServiceError } from '@grpc/grpc-js'
import { systemClock } from '../process/clock.js'
import { bringToken } from './access/token-metadata.js'
import { errorOfCall } from './errors.js'
import { defaultLimits } from './limits.js'
import { checkChannelTls } from './tls.js'
import type { ChannelTls, TlsSource } from './tls.js'

export interface ChannelAccess {
  /** Token that lets the caller in; a function is asked at every call, since tokens are replaced. */
  readonly token?: string | (() => string)
  /** A source is asked at every new connection: certificates are replaced. */
  readonly tls?: ChannelTls | TlsSource<ChannelTls>
}

/** Seconds a unary call may take, retries included. Sessions have none: they have heartbeats. */
const deadlineSeconds = {
  Report: 30,
  SubmitSweep: 120,
  ListSweeps: 15,
  GetSweep: 15,
  PauseSweep: 15,
  ResumeSweep: 15,
  CancelSweep: 15,
  VerifySweep: 120,
  ListAgents: 15,
} as const
export type UnaryMethod = keyof typeof deadlineSeconds

/** Calls that may arrive twice without harm; the others are left to whoever asked. */
const retried: readonly { readonly service: string; readonly method: UnaryMethod }[] = [
  { service: 'fmwork.v1.AgentService', method: 'Report' },
  { service: 'fmwork.v1.ControlService', method: 'SubmitSweep' },
  { service: 'fmwork.v1.ControlService', method: 'ListSweeps' },
  { service: 'fmwork.v1.ControlService', method: 'GetSweep' },
  { service: 'fmwork.v1.ControlService', method: 'VerifySweep' },
  { service: 'fmwork.v1.ControlService', method: 'ListAgents' },
]

const serviceConfig = JSON.stringify({
  loadBalancingConfig: [{ pick_first: {} }],
  methodConfig: [
    {
      name: retried,
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: '0.2s',
        maxBackoff: '2s',
        backoffMultiplier: 2,
        retryableStatusCodes: ['UNAVAILABLE'],
      },
    },
  ],
})

export function channelOptions({ token }: ChannelAccess): ClientOptions {
  return {
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 15_000,
    'grpc.keepalive_permit_without_calls': 1,
    // Reconnecting is ours to pace (agent/session/backoff.ts): the channel must not lag behind it.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2000,
    'grpc.max_receive_message_length': defaultLimits.messageBytes,
    'grpc.max_send_message_length': defaultLimits.messageBytes,
    // A connection for each link: those of one process would share one, and its window, else.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.service_config': serviceConfig,
    'grpc.service_config_disable_resolution': 1,
    ...(token === undefined
      ? {}
      : { interceptors: [bringToken(typeof token === 'string' ? () => token : token)] }),
  }
}

const pem = (text: string | undefined): Buffer | null =>
  text === undefined ? null : Buffer.from(text)

/** @throws FmworkError USAGE for TLS files that cannot be used. */
export function channelCredentials(tls: ChannelTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure()
  checkChannelTls(tls)
  return credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert))
}

/**
 * One unary call as a promise, with the deadline of its method.
 *
 * @throws FmworkError the coordinator’s own, or what its status says.
 */
export function call<Response>(
  method: UnaryMethod,
  peer: string,
  start: (
    options: { deadline: number },
    done: (error: ServiceError | null, response?: Response) => void,
  ) => void,
): Promise<Response> {
  // gRPC counts deadlines on the system’s own clock, whatever time the caller lives in.
  const deadline = systemClock.wall() + deadlineSeconds[method] * 1000
  return new Promise((resolve, reject) => {
    start({ deadline }, (error, response) => {
      if (error !== null) reject(errorOfCall(error, peer))
      else resolve(response as Response)
    })
  })
}
