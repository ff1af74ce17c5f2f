// Original file: proto/fmwork/v1/control.proto

import type { SweepStatusInput as _fmwork_v1_SweepStatusInput, SweepStatus as _fmwork_v1_SweepStatus } from '../../fmwork/v1/SweepStatus.js';
import type { TrialEndedInput as _fmwork_v1_TrialEndedInput, TrialEnded as _fmwork_v1_TrialEnded } from '../../fmwork/v1/TrialEnded.js';
import type { SurfacePageInput as _fmwork_v1_SurfacePageInput, SurfacePage as _fmwork_v1_SurfacePage } from '../../fmwork/v1/SurfacePage.js';
import type { CurvePointInput as _fmwork_v1_CurvePointInput, CurvePoint as _fmwork_v1_CurvePoint } from '../../fmwork/v1/CurvePoint.js';
import type { VerificationInput as _fmwork_v1_VerificationInput, Verification as _fmwork_v1_Verification } from '../../fmwork/v1/Verification.js';

export interface ExportSweepResponseInput {
  'status'?: (_fmwork_v1_SweepStatusInput | null);
  'trial'?: (_fmwork_v1_TrialEndedInput | null);
  'surface'?: (_fmwork_v1_SurfacePageInput | null);
  'curve'?: (_fmwork_v1_CurvePointInput | null);
  'verification'?: (_fmwork_v1_VerificationInput | null);
  /**
   * The sweep file's text.
   */
  'text'?: (string);
  'environmentJson'?: (string);
  'part'?: "status"|"trial"|"surface"|"curve"|"verification"|"text"|"environmentJson";
}

export interface ExportSweepResponse {
  'status'?: (_fmwork_v1_SweepStatus | null);
  'trial'?: (_fmwork_v1_TrialEnded | null);
  'surface'?: (_fmwork_v1_SurfacePage | null);
  'curve'?: (_fmwork_v1_CurvePoint | null);
  'verification'?: (_fmwork_v1_Verification | null);
  /**
   * The sweep file's text.
   */
  'text'?: (string);
  'environmentJson'?: (string);
  'part'?: "status"|"trial"|"surface"|"curve"|"verification"|"text"|"environmentJson";
}
