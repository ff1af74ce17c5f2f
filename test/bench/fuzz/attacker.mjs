// One attack, in a thread of its own.
import { parentPort, workerData } from 'node:worker_threads'
import { attacks } from './attacks.mjs'

const { name, port } = workerData
const over = new AbortController()
const tally = { connections: 0, thrownOut: 0, sent: 0 }
parentPort.once('message', () => over.abort())
await attacks[name].run(port, over.signal, tally)
parentPort.postMessage(tally)
