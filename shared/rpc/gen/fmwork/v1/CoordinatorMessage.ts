// Original file: proto/fmwork/v1/agent.proto

import type { WelcomeInput as _fmwork_v1_WelcomeInput, Welcome as _fmwork_v1_Welcome } from '../../fmwork/v1/Welcome.js';
import type { GrantInput as _fmwork_v1_GrantInput, Grant as _fmwork_v1_Grant } from '../../fmwork/v1/Grant.js';
import type { NoWorkInput as _fmwork_v1_NoWorkInput, NoWork as _fmwork_v1_NoWork } from '../../fmwork/v1/NoWork.js';
import type { RenewedInput as _fmwork_v1_RenewedInput, Renewed as _fmwork_v1_Renewed } from '../../fmwork/v1/Renewed.js';
import type { RevokeInput as _fmwork_v1_RevokeInput, Revoke as _fmwork_v1_Revoke } from '../../fmwork/v1/Revoke.js';
import type { DrainInput as _fmwork_v1_DrainInput, Drain as _fmwork_v1_Drain } from '../../fmwork/v1/Drain.js';
import type { WakeInput as _fmwork_v1_WakeInput, Wake as _fmwork_v1_Wake } from '../../fmwork/v1/Wake.js';
import type { HeartbeatAnswerInput as _fmwork_v1_HeartbeatAnswerInput, HeartbeatAnswer as _fmwork_v1_HeartbeatAnswer } from '../../fmwork/v1/HeartbeatAnswer.js';

export interface CoordinatorMessageInput {
  'welcome'?: (_fmwork_v1_WelcomeInput | null);
  'grant'?: (_fmwork_v1_GrantInput | null);
  'noWork'?: (_fmwork_v1_NoWorkInput | null);
  'renewed'?: (_fmwork_v1_RenewedInput | null);
  'revoke'?: (_fmwork_v1_RevokeInput | null);
  'drain'?: (_fmwork_v1_DrainInput | null);
  'wake'?: (_fmwork_v1_WakeInput | null);
  'heartbeatAnswer'?: (_fmwork_v1_HeartbeatAnswerInput | null);
  'body'?: "welcome"|"grant"|"noWork"|"renewed"|"revoke"|"drain"|"wake"|"heartbeatAnswer";
}

export interface CoordinatorMessage {
  'welcome'?: (_fmwork_v1_Welcome | null);
  'grant'?: (_fmwork_v1_Grant | null);
  'noWork'?: (_fmwork_v1_NoWork | null);
  'renewed'?: (_fmwork_v1_Renewed | null);
  'revoke'?: (_fmwork_v1_Revoke | null);
  'drain'?: (_fmwork_v1_Drain | null);
  'wake'?: (_fmwork_v1_Wake | null);
  'heartbeatAnswer'?: (_fmwork_v1_HeartbeatAnswer | null);
  'body'?: "welcome"|"grant"|"noWork"|"renewed"|"revoke"|"drain"|"wake"|"heartbeatAnswer";
}
