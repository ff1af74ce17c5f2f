// Original file: proto/fmwork/v1/agent.proto


export interface DeviceFactsInput {
  /**
   * cpu or the device's UUID.
   */
  'id'?: (string);
  'name'?: (string);
  'memoryBytes'?: (number | string);
  'driver'?: (string);
  'powerLimitWatts'?: (number | string);
  '_driver'?: "driver";
  '_powerLimitWatts'?: "powerLimitWatts";
}

export interface DeviceFacts {
  /**
   * cpu or the device's UUID.
   */
  'id': (string);
  'name': (string);
  'memoryBytes': (number);
  'driver'?: (string);
  'powerLimitWatts'?: (number);
  '_driver'?: "driver";
  '_powerLimitWatts'?: "powerLimitWatts";
}
