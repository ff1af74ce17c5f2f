import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { agentCrowd } from './crowd.mjs'

const lists = ['firstGrants', 'laterGrants', 'heartbeats', 'starts', 'reports', 'taken']
const sums = ['refusals', 'sessionsLost', 'lateAnswers', 'gaveUp']

/** One crowd in so many threads, so that agents wait less for one another than for the coordinator. */
export async function agentCrowds(threads, address, options) {
  if (threads === 1) return agentCrowd(address, options)
  const parts = Array.from({ length: threads }, (_, part) => ({ part, parts: threads, ...options }))
  const told = await Promise.all(parts.map((part) => inThread(address, part)))
  const merged = { ownDelaySeconds: Math.max(...told.map((each) => each.ownDelaySeconds)) }
  for (const name of lists) merged[name] = told.flatMap((each) => each[name])
  for (const name of sums) merged[name] = told.reduce((sum, each) => sum + each[name], 0)
  return merged
}

function inThread(address, options) {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { address, options } })
    thread.once('message', resolve)
    thread.once('error', reject)
  })
}

if (!isMainThread) {
  parentPort.postMessage(await agentCrowd(workerData.address, workerData.options))
}
