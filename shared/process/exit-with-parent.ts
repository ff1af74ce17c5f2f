import type { Readable } from 'node:stream'

/**
 * Tells a child process that its parent is gone. The parent holds the other end of the child’s
 * standard input, which the system closes however the parent ends, by SIGKILL too; what arrives on
 * it is thrown away.
 *
 * @returns stops watching.
 */
export function watchParent(onGone: () => void, input: Readable = process.stdin): () => void {
  let watching = true
  const gone = () => {
    if (!watching) return
    stop()
    onGone()
  }
  const stop = () => {
    watching = false
    input.off('end', gone)
    input.off('close', gone)
    process.off('disconnect', gone)
    input.pause()
  }
  input.on('end', gone)
  input.on('close', gone)
  // A pipe that breaks is as gone as one that ends; the listener stays, since an 'error' that nobody
  // hears ends the process.
  input.on('error', gone)
  process.on('disconnect', gone)
  input.resume()
  return stop
}
