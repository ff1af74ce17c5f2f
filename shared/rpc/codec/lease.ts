import type { Block } from '../../domain/configuration.js'
import type { Grant, HeldLease, TrialOrder } from '../../domain/lease.js'
import { metricNames } from '../../domain/metric.js'
import type { Grant as WireGrant, GrantInput as WireGrantInput } from '../gen/fmwork/v1/Grant.js'
import type {
  TrialOrder as WireOrder,
  TrialOrderInput as WireOrderInput,
} from '../gen/fmwork/v1/TrialOrder.js'
import { configurationFromWire, configurationToWire } from './configuration.js'
import { required, wordOf } from './parts.js'
import { scalarsFromWire, scalarsToWire } from './scalar.js'
import { workloadFromWire, workloadToWire } from './workload.js'

export const leaseToWire = ({ leaseId, token }: HeldLease): { leaseId: string; token: number } => ({
  leaseId,
  token,
})
export const leaseFromWire = leaseToWire

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
    workload: workloadFromWire(wire.workload, 'grant.trials.workload'),
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
