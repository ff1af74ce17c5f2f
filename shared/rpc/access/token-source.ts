import { readTokenFile } from '../../process/config.js'
import { WatchedFile } from './watched-file.js'

/**
 * The token in a file, read again whenever the file changes: a token is replaced without a restart.
 * While the file cannot be read the last token stays in use, for the coordinator to judge.
 *
 * @throws FmworkError USAGE when it cannot be read or holds no token now.
 */
export function tokenFromFile(path: string, field = '--token-file'): () => string {
  let last = readTokenFile(path, field)
  const file = new WatchedFile(path, () => readTokenFile(path, field))
  return () => {
    try {
      last = file.read()
    } catch {
      // Between deleting the old file and writing the new one: the old token may still be good.
    }
    return last
  }
}
