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
  /**
   * How the device is set, by the driver's names: mig_mode, ecc_mode, max_clocks.sm, ...
   */
  'settings'?: ({[key: string]: string});
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
  /**
   * How the device is set, by the driver's names: mig_mode, ecc_mode, max_clocks.sm, ...
   */
  'settings': ({[key: string]: string});
  '_driver'?: "driver";
  '_powerLimitWatts'?: "powerLimitWatts";
}
