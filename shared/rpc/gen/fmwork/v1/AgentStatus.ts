// Original file: proto/fmwork/v1/control.proto


export interface AgentStatusInput {
  'agent'?: (string);
  'hardware'?: (string);
  'deviceCount'?: (number);
  'engines'?: (string)[];
  'connected'?: (boolean);
  /**
   * idle, starting_engine, waiting_for_quiet, warming_up, measuring or draining.
   */
  'activity'?: (string);
  'trialId'?: (string);
  'utilizationPercent'?: (number | string);
  'memoryBytes'?: (number | string);
  'powerWatts'?: (number | string);
  'eventLoopLagMs'?: (number | string);
  /**
   * Agent's clock minus coordinator's.
   */
  'clockOffsetMs'?: (number | string);
  /**
   * Of a sweep whose requests come from a file: its SHA-256, where the agent has the file.
   */
  'data'?: (string)[];
  '_trialId'?: "trialId";
  '_utilizationPercent'?: "utilizationPercent";
  '_memoryBytes'?: "memoryBytes";
  '_powerWatts'?: "powerWatts";
}

export interface AgentStatus {
  'agent': (string);
  'hardware': (string);
  'deviceCount': (number);
  'engines': (string)[];
  'connected': (boolean);
  /**
   * idle, starting_engine, waiting_for_quiet, warming_up, measuring or draining.
   */
  'activity': (string);
  'trialId'?: (string);
  'utilizationPercent'?: (number);
  'memoryBytes'?: (number);
  'powerWatts'?: (number);
  'eventLoopLagMs': (number);
  /**
   * Agent's clock minus coordinator's.
   */
  'clockOffsetMs': (number);
  /**
   * Of a sweep whose requests come from a file: its SHA-256, where the agent has the file.
   */
  'data': (string)[];
  '_trialId'?: "trialId";
  '_utilizationPercent'?: "utilizationPercent";
  '_memoryBytes'?: "memoryBytes";
  '_powerWatts'?: "powerWatts";
}
