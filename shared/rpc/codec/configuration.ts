import type { Configuration } from '../../domain/configuration.js'
import type {
  Configuration as WireConfiguration,
  ConfigurationInput as WireConfigurationInput,
} from '../gen/fmwork/v1/Configuration.js'
import { required } from './parts.js'
import { scalarsFromWire, scalarsToWire } from './scalar.js'

export function configurationToWire(configuration: Configuration): WireConfigurationInput {
  const { model, engine, engineArgs, hardware, tensorParallel } = configuration
  const { load, inputTokens, outputTokens } = configuration
  return {
    model,
    engine,
    engineArgs: scalarsToWire(engineArgs),
    hardware,
    tensorParallel,
    load,
    inputTokens,
    outputTokens,
  }
}

export function configurationFromWire(
  wire: WireConfiguration | null | undefined,
  field = 'configuration',
): Configuration {
  const { model, engine, engineArgs, hardware, tensorParallel, ...lengths } = required(wire, field)
  return {
    model,
    engine,
    engineArgs: scalarsFromWire(engineArgs, `${field}.engine_args`),
    hardware,
    tensorParallel,
    load: lengths.load,
    inputTokens: lengths.inputTokens,
    outputTokens: lengths.outputTokens,
  }
}
