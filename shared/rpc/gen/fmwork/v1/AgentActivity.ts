// Original file: proto/fmwork/v1/agent.proto

export const AgentActivity = {
  AGENT_ACTIVITY_UNSPECIFIED: 'AGENT_ACTIVITY_UNSPECIFIED',
  AGENT_ACTIVITY_IDLE: 'AGENT_ACTIVITY_IDLE',
  AGENT_ACTIVITY_STARTING_ENGINE: 'AGENT_ACTIVITY_STARTING_ENGINE',
  /**
   * Waiting for the host to be quiet: another agent on it is measuring.
   */
  AGENT_ACTIVITY_WAITING_FOR_QUIET: 'AGENT_ACTIVITY_WAITING_FOR_QUIET',
  AGENT_ACTIVITY_WARMING_UP: 'AGENT_ACTIVITY_WARMING_UP',
  AGENT_ACTIVITY_MEASURING: 'AGENT_ACTIVITY_MEASURING',
  AGENT_ACTIVITY_DRAINING: 'AGENT_ACTIVITY_DRAINING',
} as const;

export type AgentActivityInput =
  | 'AGENT_ACTIVITY_UNSPECIFIED'
  | 0
  | 'AGENT_ACTIVITY_IDLE'
  | 1
  | 'AGENT_ACTIVITY_STARTING_ENGINE'
  | 2
  /**
   * Waiting for the host to be quiet: another agent on it is measuring.
   */
  | 'AGENT_ACTIVITY_WAITING_FOR_QUIET'
  | 3
  | 'AGENT_ACTIVITY_WARMING_UP'
  | 4
  | 'AGENT_ACTIVITY_MEASURING'
  | 5
  | 'AGENT_ACTIVITY_DRAINING'
  | 6

export type AgentActivity = typeof AgentActivity[keyof typeof AgentActivity]
