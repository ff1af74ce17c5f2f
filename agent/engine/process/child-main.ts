import { asFmworkError } from '../../../shared/domain/errors.js'
import type { ChildAnswer, ChildReady } from './child-protocol.js'

/** An engine that a child process runs. */
export interface ChildEngine {
  readonly ready: Omit<ChildReady, 'kind'>
  close(): Promise<void>
}

function answer(message: ChildAnswer): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve())
  })
}

/** Resolves with the first line of standard input; `onEnd` is called when the input ends. */
function firstLine(onEnd: () => void): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    process.stdin.setEncoding('utf8')
    process.stdin.on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
    process.stdin.once('end', onEnd)
    process.stdin.once('error', onEnd)
  })
}

/**
 * The whole life of an engine process: read the settings, start, say so, live until the standard
 * input ends (the agent stopped the engine, or died in any way).
 */
export async function runChild(start: (settings: unknown) => Promise<ChildEngine>): Promise<void> {
  // A signal to the whole terminal is the agent’s business: it ends us in its own order.
  process.on('SIGINT', () => undefined)
  let engine: ChildEngine | undefined
  const settings = await firstLine(() => {
    if (engine === undefined) process.exit(0)
    else void engine.close().finally(() => process.exit(0))
  })
  try {
    engine = await start(JSON.parse(settings) as unknown)
    await answer({ kind: 'ready', ...engine.ready })
  } catch (thrown) {
    const error = asFmworkError(thrown)
    process.stderr.write(`${error.stack ?? error.message}\n`)
    const code = error.code === 'INTERNAL' ? 'ENGINE_FAILED' : error.code
    await answer({ kind: 'failed', code, message: error.message })
    process.exit(1)
  }
}
