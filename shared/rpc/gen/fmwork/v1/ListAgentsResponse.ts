// Original file: proto/fmwork/v1/control.proto

import type { AgentStatusInput as _fmwork_v1_AgentStatusInput, AgentStatus as _fmwork_v1_AgentStatus } from '../../fmwork/v1/AgentStatus.js';

export interface ListAgentsResponseInput {
  'agents'?: (_fmwork_v1_AgentStatusInput)[];
}

export interface ListAgentsResponse {
  'agents': (_fmwork_v1_AgentStatus)[];
}
