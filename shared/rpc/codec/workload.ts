import type { Workload } from '../../domain/sweep.js'
import { workloadData } from '../../domain/workload-data.js'
import type { WorkloadData } from '../../domain/workload-data.js'
import type { DataLoop as WireDataLoop } from '../gen/fmwork/v1/DataLoop.js'
import type { OpenLoop as WireLoop } from '../gen/fmwork/v1/OpenLoop.js'
import type { RampedLoop as WireRampedLoop } from '../gen/fmwork/v1/RampedLoop.js'
import type {
  Workload as WireWorkload,
  WorkloadInput as WireWorkloadInput,
} from '../gen/fmwork/v1/Workload.js'
import type {
  WorkloadData as WireData,
  WorkloadDataInput as WireDataInput,
} from '../gen/fmwork/v1/WorkloadData.js'
import { defined, invalidMessage, required, wordOf } from './parts.js'

type OpenLoop = Extract<Workload, { kind: 'open-loop' }>

const arrivalNames = ['constant', 'poisson', 'gamma'] as const
const dataArrivalNames = [...arrivalNames, 'trace'] as const
const rampKinds = ['linear', 'exponential'] as const

export function workloadToWire(workload: Workload): WireWorkloadInput {
  switch (workload.kind) {
    case 'static-batch':
      return { staticBatch: {} }
    case 'closed-loop':
      return withData(workload.data, { closedLoop: {} })
    case 'open-loop': {
      const { arrivals, burstiness, ramp, data } = workload
      const loop = { arrivals, burstiness }
      return withData(
        data,
        ramp === undefined
          ? { openLoop: loop }
          : { rampedLoop: { loop, kind: ramp.kind, fromShare: ramp.from } },
      )
    }
  }
}

const withData = (
  data: WorkloadData | undefined,
  loop: Pick<WireWorkloadInput, 'closedLoop' | 'openLoop' | 'rampedLoop'>,
): WireWorkloadInput =>
  data === undefined ? loop : { dataLoop: { data: dataToWire(data), ...loop } }

function dataToWire(data: WorkloadData): WireDataInput {
  const { file, format, sha256, requests, seconds } = data
  return defined({
    file,
    format,
    sha256,
    requests,
    inputTokens: data.input_tokens,
    outputTokens: data.output_tokens,
    longestTokens: data.longest_tokens,
    seconds,
  })
}

export function workloadFromWire(wire: WireWorkload | null, field: string): Workload {
  const workload = required(wire, field)
  switch (required(workload.kind, field)) {
    case 'staticBatch':
      return { kind: 'static-batch' }
    case 'closedLoop':
      return { kind: 'closed-loop' }
    case 'openLoop':
      return loopFromWire(workload.openLoop, arrivalNames, `${field}.open_loop`)
    case 'rampedLoop':
      return rampFromWire(workload.rampedLoop, `${field}.ramped_loop`)
    case 'dataLoop':
      return dataLoopFromWire(required(workload.dataLoop, field), `${field}.data_loop`)
  }
}

function dataLoopFromWire(wire: WireDataLoop, field: string): Workload {
  const data = dataFromWire(required(wire.data, `${field}.data`), `${field}.data`)
  switch (required(wire.loop, field)) {
    case 'closedLoop':
      return { kind: 'closed-loop', data }
    case 'openLoop':
      return { ...loopFromWire(wire.openLoop, dataArrivalNames, `${field}.open_loop`), data }
    case 'rampedLoop':
      return { ...rampFromWire(wire.rampedLoop, `${field}.ramped_loop`), data }
  }
}

/** The rules of a sweep file hold here too: a name that is a path never reaches an agent’s disk. */
function dataFromWire(wire: WireData, field: string): WorkloadData {
  const { file, format, sha256, requests, seconds } = wire
  const read = workloadData.safeParse(
    defined({
      file,
      format,
      sha256,
      requests,
      input_tokens: wire.inputTokens,
      output_tokens: wire.outputTokens,
      longest_tokens: wire.longestTokens,
      seconds,
    }),
  )
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw invalidMessage([field, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'malformed')
}

function rampFromWire(wire: WireRampedLoop | null | undefined, field: string): OpenLoop {
  const { loop, kind, fromShare } = required(wire, field)
  const ramp = { kind: wordOf(rampKinds, kind, `${field}.kind`), from: fromShare }
  return { ...loopFromWire(loop, arrivalNames, `${field}.loop`), ramp }
}

function loopFromWire(
  wire: WireLoop | null | undefined,
  names: readonly OpenLoop['arrivals'][],
  field: string,
): OpenLoop {
  const { arrivals, burstiness } = required(wire, field)
  return {
    kind: 'open-loop',
    arrivals: wordOf(names, arrivals, `${field}.arrivals`),
    burstiness,
  }
}
