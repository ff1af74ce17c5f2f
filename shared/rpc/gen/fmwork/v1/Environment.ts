// Original file: proto/fmwork/v1/agent.proto

import type { DeviceFactsInput as _fmwork_v1_DeviceFactsInput, DeviceFacts as _fmwork_v1_DeviceFacts } from '../../fmwork/v1/DeviceFacts.js';

export interface EnvironmentInput {
  'hostname'?: (string);
  'os'?: (string);
  'kernel'?: (string);
  'cpuModel'?: (string);
  'cpuCount'?: (number);
  'memoryBytes'?: (number | string);
  'devices'?: (_fmwork_v1_DeviceFactsInput)[];
  'agentVersion'?: (string);
  'nodeVersion'?: (string);
  /**
   * How the host is set and what it runs, by name: cpu_governor, libc, telemetry, ...
   */
  'settings'?: ({[key: string]: string});
}

export interface Environment {
  'hostname': (string);
  'os': (string);
  'kernel': (string);
  'cpuModel': (string);
  'cpuCount': (number);
  'memoryBytes': (number);
  'devices': (_fmwork_v1_DeviceFacts)[];
  'agentVersion': (string);
  'nodeVersion': (string);
  /**
   * How the host is set and what it runs, by name: cpu_governor, libc, telemetry, ...
   */
  'settings': ({[key: string]: string});
}
