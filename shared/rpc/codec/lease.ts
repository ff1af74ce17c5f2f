import type { Block } from '../../domain/configuration.js'
import type { Grant, HeldLease, TrialOrder } from '../../domain/lease.js'
import { metricNames } from '../../domain/metric.js'
import type { Workload } from '../../domain/sweep.js'
import type { Grant as WireGrant, GrantInput as WireGrantInput } from '../gen/fmwork/v1/Grant.js'
import type { OpenLoop as WireLoop } from '../gen/fmwork/v1/OpenLoop.js'
import type {
  TrialOrder as WireOrder,
  TrialOrderInput as WireOrderInput,
} from '../gen/fmwork/v1/TrialOrder.js'
import type {
  Workload as WireWorkload,
  WorkloadInput as WireWorkloadInput,
} from '../gen/fmwork/v1/Workload.js'
import { configurationFromWire, configurationToWire } from './configuration.js'
import { required, wordOf } from './parts.js'
import { scalarsFromWire, scalarsToWire } from './scalar.js'

export const leaseToWire = ({ leaseId, token }: HeldLease): { leaseId: string; token: number } => ({
  leaseId,
  token,
})
export const leaseFromWire = leaseToWire

const arrivalNames = ['constant', 'poisson', 'gamma'] as const
const rampKinds = ['linear', 'exponential'] as const

function workloadToWire(workload: Workload): WireWorkloadInput {
  switch (workload.kind) {
    case 'static-batch':
      return { staticBatch: {} }
    case 'closed-loop':
      return { closedLoop: {} }
    case 'open-loop': {
      const { arrivals, burstiness, ramp } = workload
      const loop = { arrivals, burstiness }
      if (ramp === undefined) return { openLoop: loop }
      return { rampedLoop: { loop, kind: ramp.kind, fromShare: ramp.from } }
    }
  }
}

function workloadFromWire(wire: WireWorkload | null): Workload {
  const field = 'grant.trials.workload'
  const workload = required(wire, field)
  switch (required(workload.kind, field)) {
    case 'staticBatch':
      return { kind: 'static-batch' }
    case 'closedLoop':
      return { kind: 'closed-loop' }
    case 'openLoop':
      return loopFromWire(workload.openLoop, `${field}.open_loop`)
    case 'rampedLoop': {
      const place = `${field}.ramped_loop`
      const { loop, kind, fromShare } = required(workload.rampedLoop, place)
      const ramp = { kind: wordOf(rampKinds, kind, `${place}.kind`), from: fromShare }
      return { ...loopFromWire(loop, `${place}.loop`), ramp }
    }
  }
}

function loopFromWire(
  wire: WireLoop | null | undefined,
  field: string,
): Extract<Workload, { kind: 'open-loop' }> {
  const { arrivals, burstiness } = required(wire, field)
  return {
    kind: 'open-loop',
    arrivals: wordOf(arrivalNames, arrivals, `${field}.arrivals`),
    burstiness,
  }
}

function orderToWire(order: TrialOrder): WireOrderInput {
  const { trialId, configuration, workload, metrics, plan, seed, harvestOutputTokens = [] } = order
  return {
    trialId,
    configuration: configurationToWire(configuration),
    workload: workloadToWire(workload),
    metrics: [...metrics],
    plan: {
      warmups: plan.warmups,
      repetitions: plan.repetitions,
      precision: plan.precision,
      maxS: plan.max_seconds,
      requestTimeoutS: plan.request_timeout,
    },
    seed,
    harvestOutputTokens: [...harvestOutputTokens],
  }
}

function orderFromWire(wire: WireOrder): TrialOrder {
  const plan = required(wire.plan, 'grant.trials.plan')
  return {
    trialId: wire.trialId,
    configuration: configurationFromWire(wire.configuration, 'grant.trials.configuration'),
    workload: workloadFromWire(wire.workload),
    metrics: wire.metrics.map((metric) => wordOf(metricNames, metric, 'grant.trials.metrics')),
    plan: {
      warmups: plan.warmups,
      repetitions: plan.repetitions,
      precision: plan.precision,
      max_seconds: plan.maxS,
      request_timeout: plan.requestTimeoutS,
    },
    seed: wire.seed,
    ...(wire.harvestOutputTokens.length === 0
      ? {}
      : { harvestOutputTokens: wire.harvestOutputTokens }),
  }
}

export function grantToWire(grant: Grant): WireGrantInput {
  const { leaseId, token, sweepId, block, maxLoad, maxContextTokens, trials } = grant
  const { model, engine, engineArgs, hardware, tensorParallel } = block
  return {
    leaseId,
    token,
    block: {
      sweepId,
      model,
      engine,
      engineArgs: scalarsToWire(engineArgs),
      hardware,
      tensorParallel,
      maxLoad,
      maxContextTokens,
    },
    trials: trials.map(orderToWire),
  }
}

export function grantFromWire(wire: WireGrant): Grant {
  const { sweepId, maxLoad, maxContextTokens, ...rest } = required(wire.block, 'grant.block')
  const block: Block = {
    model: rest.model,
    engine: rest.engine,
    engineArgs: scalarsFromWire(rest.engineArgs, 'grant.block.engine_args'),
    hardware: rest.hardware,
    tensorParallel: rest.tensorParallel,
  }
  return {
    ...leaseFromWire(wire),
    sweepId,
    block,
    maxLoad,
    maxContextTokens,
    trials: wire.trials.map(orderFromWire),
  }
}
