import { Agent, request } from 'node:http'
import type { Target } from './campaign.js'

/** Every route of the HTTP door, as `METHOD path` and, after a blank line, a body. */
export const httpRoutes = (sweep: string): readonly string[] => [
  'GET /',
  'GET /api/v1/session',
  'POST /api/v1/session\n\n{"token":"fmwork_00000000_x"}',
  'GET /api/v1/agents',
  'GET /api/v1/sweeps?offset=0&limit=50',
  `GET /api/v1/sweeps/${sweep}`,
  `GET /api/v1/sweeps/${sweep}/curve`,
  `GET /api/v1/sweeps/${sweep}/next`,
  `GET /api/v1/sweeps/${sweep}/trials?offset=0&limit=10&purpose=explore&state=QUEUED&doubted=1`,
  `GET /api/v1/sweeps/${sweep}/events?limit=10&before=5`,
  `GET /api/v1/sweeps/${sweep}/space`,
  `GET /api/v1/sweeps/${sweep}/places`,
  `GET /api/v1/sweeps/${sweep}/surface/ttft`,
  'GET /api/v1/trials/trial-1',
  `GET /api/v1/stream?sweep=${sweep}&topic=agents&topic=sweeps`,
  'POST /api/v1/check\n\n{"text":"name: x\\nmodel: m\\nengines: [{kind: simulated}]\\n"}',
  'POST /api/v1/sweeps\n\n{"text":"name: x\\nmodel: m\\n"}',
  'GET /metrics',
  `POST /api/v1/sweeps/${sweep}/pause\n\n{}`,
  `POST /api/v1/sweeps/${sweep}/resume\n\n{"goalAccuracy":0.9,"budgetTrials":3}`,
  `POST /api/v1/sweeps/${sweep}/cancel\n\n{}`,
]

/** Characters that Node’s client refuses to send in a path travel in their encoded form. */
const sendable = (path: string): string =>
  path.replace(/[^!-~]/g, (character) => encodeURIComponent(character))

/** Milliseconds within which every request must have an answer. */
const answerMs = 20_000

export function httpTargets(
  url: string,
  routes: readonly string[],
): { readonly targets: readonly Target[]; readonly close: () => void } {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const send = (method: 'GET' | 'POST') => (bytes: Buffer) => {
    const text = bytes.toString('latin1')
    const blank = text.indexOf('\n\n')
    const line = blank < 0 ? text : text.slice(0, blank)
    const body = blank < 0 ? Buffer.alloc(0) : bytes.subarray(blank + 2)
    const path = sendable(line.replace(/^(?:GET|POST) /, ''))
    return new Promise<string>((resolve, reject) => {
      const call = request(
        {
          agent,
          hostname,
          port,
          method,
          path: path.startsWith('/') ? path : `/${path}`,
          timeout: answerMs,
          headers: method === 'POST' ? { 'content-type': 'application/json' } : {},
        },
        (response) => {
          const status = response.statusCode ?? 0
          if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
            resolve(String(status))
            response.destroy()
            return
          }
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString('utf8')
            if (status === 500) reject(new Error(answer.slice(0, 500)))
            else resolve(String(status))
          })
        },
      )
      call.on('timeout', () => call.destroy(new Error('no answer')))
      // A stream that was left early, or a body that was refused while it was sent.
      call.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve('closed')
        else reject(error)
      })
      call.end(method === 'POST' ? body : undefined)
    })
  }
  const targets = routes.map((route): Target => ({
    name: route.split('\n')[0]?.split('?')[0] ?? route,
    seeds: [Buffer.from(route, 'latin1')],
    send: send(route.startsWith('POST') ? 'POST' : 'GET'),
  }))
  return { targets, close: () => agent.destroy() }
}
