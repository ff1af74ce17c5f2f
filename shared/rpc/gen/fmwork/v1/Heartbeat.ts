// Original file: proto/fmwork/v1/agent.proto

import type { AgentActivityInput as _fmwork_v1_AgentActivityInput, AgentActivity as _fmwork_v1_AgentActivity } from '../../fmwork/v1/AgentActivity.js';

export interface HeartbeatInput {
  /**
   * 99th percentile of the agent's event-loop delay since the last heartbeat.
   */
  'eventLoopLagMs'?: (number | string);
  'activity'?: (_fmwork_v1_AgentActivityInput);
  /**
   * Of the devices, since the last heartbeat; absent when unknown.
   */
  'utilizationPercent'?: (number | string);
  'memoryBytes'?: (number | string);
  'powerWatts'?: (number | string);
  'clockMs'?: (number | string);
  /**
   * Agent's clock minus coordinator's, as the round trips so far tell; absent before the first.
   */
  'clockOffsetMs'?: (number | string);
  '_utilizationPercent'?: "utilizationPercent";
  '_memoryBytes'?: "memoryBytes";
  '_powerWatts'?: "powerWatts";
  '_clockOffsetMs'?: "clockOffsetMs";
}

export interface Heartbeat {
  /**
   * 99th percentile of the agent's event-loop delay since the last heartbeat.
   */
  'eventLoopLagMs': (number);
  'activity': (_fmwork_v1_AgentActivity);
  /**
   * Of the devices, since the last heartbeat; absent when unknown.
   */
  'utilizationPercent'?: (number);
  'memoryBytes'?: (number);
  'powerWatts'?: (number);
  'clockMs': (number);
  /**
   * Agent's clock minus coordinator's, as the round trips so far tell; absent before the first.
   */
  'clockOffsetMs'?: (number);
  '_utilizationPercent'?: "utilizationPercent";
  '_memoryBytes'?: "memoryBytes";
  '_powerWatts'?: "powerWatts";
  '_clockOffsetMs'?: "clockOffsetMs";
}
