import { parentPort, workerData } from 'node:worker_threads'
import { carryError } from './thread-messages.js'
import type { Served, ThreadAnswer, ThreadRequest } from './thread-messages.js'

/**
 * Serves one object to the thread that started this one, call by call in the order in which they
 * arrive, until its `close` was called.
 *
 * @param open makes it from what the thread was started with.
 */
export async function serveThread(open: (opening: unknown) => Promise<Served>): Promise<void> {
  const port = parentPort
  if (port === null) throw new Error('this program runs in a worker thread only')
  const answer = (message: ThreadAnswer) => port.postMessage(message)
  let served: Served
  try {
    served = await open(workerData)
  } catch (error) {
    answer({ id: 0, error: carryError(error) })
    port.close()
    return
  }
  const methods = served as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>
  const serve = async ({ id, method, arguments: given }: ThreadRequest): Promise<void> => {
    try {
      if (!(method in methods)) throw new Error(`${method} is not served here`)
      answer({ id, value: await methods[method]?.(...given) })
    } catch (error) {
      answer({ id, error: carryError(error) })
    }
    if (method === 'close') port.close()
  }
  let turn = Promise.resolve()
  port.on('message', (request: ThreadRequest) => {
    turn = turn.then(() => serve(request))
  })
  answer({ id: 0, value: undefined })
}
