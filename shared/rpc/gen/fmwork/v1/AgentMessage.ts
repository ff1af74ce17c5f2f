// Original file: proto/fmwork/v1/agent.proto

import type { HelloInput as _fmwork_v1_HelloInput, Hello as _fmwork_v1_Hello } from '../../fmwork/v1/Hello.js';
import type { HeartbeatInput as _fmwork_v1_HeartbeatInput, Heartbeat as _fmwork_v1_Heartbeat } from '../../fmwork/v1/Heartbeat.js';
import type { WorkRequestInput as _fmwork_v1_WorkRequestInput, WorkRequest as _fmwork_v1_WorkRequest } from '../../fmwork/v1/WorkRequest.js';
import type { RenewalInput as _fmwork_v1_RenewalInput, Renewal as _fmwork_v1_Renewal } from '../../fmwork/v1/Renewal.js';
import type { ReleaseInput as _fmwork_v1_ReleaseInput, Release as _fmwork_v1_Release } from '../../fmwork/v1/Release.js';

export interface AgentMessageInput {
  'hello'?: (_fmwork_v1_HelloInput | null);
  'heartbeat'?: (_fmwork_v1_HeartbeatInput | null);
  'workRequest'?: (_fmwork_v1_WorkRequestInput | null);
  'renewal'?: (_fmwork_v1_RenewalInput | null);
  'release'?: (_fmwork_v1_ReleaseInput | null);
  'body'?: "hello"|"heartbeat"|"workRequest"|"renewal"|"release";
}

export interface AgentMessage {
  'hello'?: (_fmwork_v1_Hello | null);
  'heartbeat'?: (_fmwork_v1_Heartbeat | null);
  'workRequest'?: (_fmwork_v1_WorkRequest | null);
  'renewal'?: (_fmwork_v1_Renewal | null);
  'release'?: (_fmwork_v1_Release | null);
  'body'?: "hello"|"heartbeat"|"workRequest"|"renewal"|"release";
}
