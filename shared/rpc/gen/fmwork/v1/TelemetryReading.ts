// Original file: proto/fmwork/v1/agent.proto

import type { ThrottleReasonsInput as _fmwork_v1_ThrottleReasonsInput, ThrottleReasons as _fmwork_v1_ThrottleReasons } from '../../fmwork/v1/ThrottleReasons.js';

export interface TelemetryReadingInput {
  /**
   * Epoch milliseconds of the agent's clock.
   */
  'atMs'?: (number | string);
  /**
   * cpu or the device's UUID.
   */
  'device'?: (string);
  'utilizationPercent'?: (number | string);
  'memoryBytes'?: (number | string);
  'powerWatts'?: (number | string);
  'temperatureCelsius'?: (number | string);
  'clockMhz'?: (number | string);
  /**
   * Absent when the device does not say.
   */
  'throttleReasons'?: (_fmwork_v1_ThrottleReasonsInput | null);
  '_utilizationPercent'?: "utilizationPercent";
  '_memoryBytes'?: "memoryBytes";
  '_powerWatts'?: "powerWatts";
  '_temperatureCelsius'?: "temperatureCelsius";
  '_clockMhz'?: "clockMhz";
}

export interface TelemetryReading {
  /**
   * Epoch milliseconds of the agent's clock.
   */
  'atMs': (number);
  /**
   * cpu or the device's UUID.
   */
  'device': (string);
  'utilizationPercent'?: (number);
  'memoryBytes'?: (number);
  'powerWatts'?: (number);
  'temperatureCelsius'?: (number);
  'clockMhz'?: (number);
  /**
   * Absent when the device does not say.
   */
  'throttleReasons': (_fmwork_v1_ThrottleReasons | null);
  '_utilizationPercent'?: "utilizationPercent";
  '_memoryBytes'?: "memoryBytes";
  '_powerWatts'?: "powerWatts";
  '_temperatureCelsius'?: "temperatureCelsius";
  '_clockMhz'?: "clockMhz";
}
