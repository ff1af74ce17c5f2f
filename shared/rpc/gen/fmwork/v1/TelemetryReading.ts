// Original file: proto/fmwork/v1/agent.proto


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
  'throttleReasons'?: (string)[];
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
  'throttleReasons': (string)[];
  '_utilizationPercent'?: "utilizationPercent";
  '_memoryBytes'?: "memoryBytes";
  '_powerWatts'?: "powerWatts";
  '_temperatureCelsius'?: "temperatureCelsius";
  '_clockMhz'?: "clockMhz";
}
