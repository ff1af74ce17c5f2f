import type { LoadJob, RequestShape, StopRule } from './load-job.js'

/** One thread’s share of a job. */
export interface JobPart {
  readonly job: LoadJob
  /** Number in the whole job of the part’s request with this number. */
  readonly requestOf: (request: number) => number
}

/** Prompts that a part of a loop may use: no two parts share one. */
const promptsPerPart = 10_000_000

/**
 * Splits a job over `count` threads so that together they are the job: requests of a batch or a list
 * go round, a loop’s slots are shared out, Poisson arrivals are the sum of slower Poisson arrivals.
 * Arrivals that are no such sum (constant, gamma) stay in one thread.
 */
export function splitJob(job: LoadJob, count: number): readonly JobPart[] {
  const { pattern } = job
  const whole: readonly JobPart[] = [{ job, requestOf: (request) => request }]
  const shareOf = (total: number, index: number) =>
    Math.floor(total / count) + (index < total % count ? 1 : 0)
  const part = (index: number, changed: Partial<LoadJob>): JobPart => ({
    job: { ...job, ...changed },
    requestOf: (request) => request * count + index,
  })
  const parts = (of: (index: number) => JobPart) =>
    count < 2 ? whole : Array.from({ length: count }, (_, index) => of(index))
  switch (pattern.kind) {
    case 'static-batch': {
      let firstPrompt = job.firstPrompt
      return parts((index) => {
        const batch = shareOf(pattern.batch, index)
        const first = firstPrompt
        firstPrompt += batch
        return part(index, { pattern: { ...pattern, batch }, firstPrompt: first })
      })
    }
    case 'closed-loop':
      return parts((index) =>
        part(index, {
          pattern: {
            ...pattern,
            concurrency: shareOf(pattern.concurrency, index),
            stop: sharedStop(pattern.stop, count),
          },
          seed: job.seed + index,
          firstPrompt: job.firstPrompt + index * promptsPerPart,
          ...sharedShapes(job, index, count),
        }),
      )
    case 'open-loop':
      if (pattern.arrivals !== 'poisson') return whole
      return parts((index) =>
        part(index, {
          pattern: {
            ...pattern,
            rate: pattern.rate / count,
            stop: sharedStop(pattern.stop, count),
          },
          seed: job.seed + index,
          firstPrompt: job.firstPrompt + index * promptsPerPart,
          ...sharedShapes(job, index, count),
        }),
      )
    case 'listed': {
      const { concurrency } = pattern
      return parts((index) =>
        part(index, {
          pattern: {
            ...pattern,
            requests: pattern.requests.filter((_, request) => request % count === index),
            ...(concurrency === undefined ? {} : { concurrency: shareOf(concurrency, index) }),
          },
          firstPrompt: job.firstPrompt + index * promptsPerPart,
        }),
      )
    }
  }
}

/** No two parts send the same request, unless there are fewer of them than parts. */
function sharedShapes({ shapes }: LoadJob, index: number, count: number): Pick<LoadJob, 'shapes'> {
  if (shapes === undefined) return {}
  const own: readonly RequestShape[] = shapes.filter((_, request) => request % count === index)
  return { shapes: own.length > 0 ? own : shapes }
}

const sharedStop = (stop: StopRule, count: number): StopRule => ({
  ...stop,
  minimumRequests: Math.ceil(stop.minimumRequests / count),
  maximumRequests: Math.ceil(stop.maximumRequests / count),
})
