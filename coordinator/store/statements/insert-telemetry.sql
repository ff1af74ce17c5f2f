-- One reading of a device or host.
INSERT INTO telemetry (
  agent, trial_id, at, device, utilization_percent, memory_bytes, power_watts, temperature_celsius,
  clock_mhz, throttle_reasons
) VALUES (
  @agent, @trial, @at, @device, @utilization_percent, @memory_bytes, @power_watts,
  @temperature_celsius, @clock_mhz, @throttle_reasons
);
