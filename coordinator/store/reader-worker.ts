import { serveThread } from '../../shared/process/thread/serve-thread.js'
import { openLocalReader } from './local-reader.js'

/** A reader’s thread. */
await serveThread((dataDir) => openLocalReader(dataDir as string))
