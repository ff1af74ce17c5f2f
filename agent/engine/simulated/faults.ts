import { createRandom } from '../../../shared/stats/random.js'
import { sendProblem } from '../serving/answer.js'
import { HttpProblem } from '../serving/http-problem.js'
import type { Interceptor } from '../serving/openai-server.js'
import type { SimulatedArgs } from './simulated-args.js'

export interface Faults {
  readonly intercept: Interceptor
  hangs(): boolean
}

/** The faults a sweep asked for, counted in requests, so that they come at the same point each time. */
export function createFaults(args: SimulatedArgs, crash: () => void): Faults {
  const random = createRandom(args.seed).fork('faults')
  // The engine’s own first request at its start is not the sweep’s.
  let served = -1
  return {
    intercept(response) {
      served += 1
      if (served > 0 && args.crash_after !== undefined && served > args.crash_after) crash()
      if (served > 0 && random.next() < args.error_rate) {
        const message = `injected fault: HTTP ${args.http_status}`
        sendProblem(response, new HttpProblem(args.http_status, message))
        return 'answered'
      }
      return 'pass'
    },
    hangs: () => args.hang_after !== undefined && served > args.hang_after,
  }
}
