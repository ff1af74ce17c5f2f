import { cpus, hostname, release, totalmem, type } from 'node:os'
import type { DeviceFacts, Environment } from '../../shared/domain/environment.js'
import { hardwareClass } from './hardware-class.js'
import { hostSettings } from './host-settings.js'
import { procFiles } from './proc-files.js'

/**
 * What this machine is. Holds no secret: no environment variable, no command line, no address.
 *
 * @param more settings that are known elsewhere.
 */
export function hostFacts(
  agentVersion: string,
  accelerators: readonly DeviceFacts[],
  more: Readonly<Record<string, string>> = {},
): Environment {
  const processors = cpus()
  const cpuModel = processors[0]?.model.trim() ?? 'unknown'
  const memoryBytes = totalmem()
  const cpu: DeviceFacts = { id: 'cpu', name: cpuModel, memoryBytes }
  return {
    hostname: hostname(),
    os: type(),
    kernel: release(),
    cpuModel,
    cpuCount: Math.max(1, processors.length),
    memoryBytes,
    devices: accelerators.length > 0 ? accelerators : [cpu],
    agentVersion,
    nodeVersion: process.version,
    settings: { ...hostSettings(procFiles), ...more },
  }
}

/** The class that sweeps and agents are matched by; a host without accelerators is `cpu`. */
export function hardwareOf(environment: Environment): string {
  const accelerator = environment.devices.find((device) => device.id !== 'cpu')
  return hardwareClass(accelerator?.name)
}
