import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AgentStatusInput as _fmwork_v1_AgentStatusInput, AgentStatus as _fmwork_v1_AgentStatus } from './fmwork/v1/AgentStatus.js';
import type { CancelSweepRequestInput as _fmwork_v1_CancelSweepRequestInput, CancelSweepRequest as _fmwork_v1_CancelSweepRequest } from './fmwork/v1/CancelSweepRequest.js';
import type { CancelSweepResponseInput as _fmwork_v1_CancelSweepResponseInput, CancelSweepResponse as _fmwork_v1_CancelSweepResponse } from './fmwork/v1/CancelSweepResponse.js';
import type { ConfigurationInput as _fmwork_v1_ConfigurationInput, Configuration as _fmwork_v1_Configuration } from './fmwork/v1/Configuration.js';
import type { ControlServiceClient as _fmwork_v1_ControlServiceClient, ControlServiceDefinition as _fmwork_v1_ControlServiceDefinition } from './fmwork/v1/ControlService.js';
import type { CurvePointInput as _fmwork_v1_CurvePointInput, CurvePoint as _fmwork_v1_CurvePoint } from './fmwork/v1/CurvePoint.js';
import type { DecisionInput as _fmwork_v1_DecisionInput, Decision as _fmwork_v1_Decision } from './fmwork/v1/Decision.js';
import type { DecisionAlternativeInput as _fmwork_v1_DecisionAlternativeInput, DecisionAlternative as _fmwork_v1_DecisionAlternative } from './fmwork/v1/DecisionAlternative.js';
import type { DecisionGoalInput as _fmwork_v1_DecisionGoalInput, DecisionGoal as _fmwork_v1_DecisionGoal } from './fmwork/v1/DecisionGoal.js';
import type { DoubtInput as _fmwork_v1_DoubtInput, Doubt as _fmwork_v1_Doubt } from './fmwork/v1/Doubt.js';
import type { ExportSweepRequestInput as _fmwork_v1_ExportSweepRequestInput, ExportSweepRequest as _fmwork_v1_ExportSweepRequest } from './fmwork/v1/ExportSweepRequest.js';
import type { ExportSweepResponseInput as _fmwork_v1_ExportSweepResponseInput, ExportSweepResponse as _fmwork_v1_ExportSweepResponse } from './fmwork/v1/ExportSweepResponse.js';
import type { GetSweepRequestInput as _fmwork_v1_GetSweepRequestInput, GetSweepRequest as _fmwork_v1_GetSweepRequest } from './fmwork/v1/GetSweepRequest.js';
import type { GetSweepResponseInput as _fmwork_v1_GetSweepResponseInput, GetSweepResponse as _fmwork_v1_GetSweepResponse } from './fmwork/v1/GetSweepResponse.js';
import type { HarvestInput as _fmwork_v1_HarvestInput, Harvest as _fmwork_v1_Harvest } from './fmwork/v1/Harvest.js';
import type { HarvestBiasInput as _fmwork_v1_HarvestBiasInput, HarvestBias as _fmwork_v1_HarvestBias } from './fmwork/v1/HarvestBias.js';
import type { HarvestStatusInput as _fmwork_v1_HarvestStatusInput, HarvestStatus as _fmwork_v1_HarvestStatus } from './fmwork/v1/HarvestStatus.js';
import type { IntervalInput as _fmwork_v1_IntervalInput, Interval as _fmwork_v1_Interval } from './fmwork/v1/Interval.js';
import type { LevelChangeInput as _fmwork_v1_LevelChangeInput, LevelChange as _fmwork_v1_LevelChange } from './fmwork/v1/LevelChange.js';
import type { LevelShiftInput as _fmwork_v1_LevelShiftInput, LevelShift as _fmwork_v1_LevelShift } from './fmwork/v1/LevelShift.js';
import type { ListAgentsRequestInput as _fmwork_v1_ListAgentsRequestInput, ListAgentsRequest as _fmwork_v1_ListAgentsRequest } from './fmwork/v1/ListAgentsRequest.js';
import type { ListAgentsResponseInput as _fmwork_v1_ListAgentsResponseInput, ListAgentsResponse as _fmwork_v1_ListAgentsResponse } from './fmwork/v1/ListAgentsResponse.js';
import type { ListSweepsRequestInput as _fmwork_v1_ListSweepsRequestInput, ListSweepsRequest as _fmwork_v1_ListSweepsRequest } from './fmwork/v1/ListSweepsRequest.js';
import type { ListSweepsResponseInput as _fmwork_v1_ListSweepsResponseInput, ListSweepsResponse as _fmwork_v1_ListSweepsResponse } from './fmwork/v1/ListSweepsResponse.js';
import type { MeasurementInput as _fmwork_v1_MeasurementInput, Measurement as _fmwork_v1_Measurement } from './fmwork/v1/Measurement.js';
import type { MetricAccuracyInput as _fmwork_v1_MetricAccuracyInput, MetricAccuracy as _fmwork_v1_MetricAccuracy } from './fmwork/v1/MetricAccuracy.js';
import type { MetricEstimateInput as _fmwork_v1_MetricEstimateInput, MetricEstimate as _fmwork_v1_MetricEstimate } from './fmwork/v1/MetricEstimate.js';
import type { NodeLevelInput as _fmwork_v1_NodeLevelInput, NodeLevel as _fmwork_v1_NodeLevel } from './fmwork/v1/NodeLevel.js';
import type { PastMetricInput as _fmwork_v1_PastMetricInput, PastMetric as _fmwork_v1_PastMetric } from './fmwork/v1/PastMetric.js';
import type { PastOriginInput as _fmwork_v1_PastOriginInput, PastOrigin as _fmwork_v1_PastOrigin } from './fmwork/v1/PastOrigin.js';
import type { PastRowInput as _fmwork_v1_PastRowInput, PastRow as _fmwork_v1_PastRow } from './fmwork/v1/PastRow.js';
import type { PastStatusInput as _fmwork_v1_PastStatusInput, PastStatus as _fmwork_v1_PastStatus } from './fmwork/v1/PastStatus.js';
import type { PastValueInput as _fmwork_v1_PastValueInput, PastValue as _fmwork_v1_PastValue } from './fmwork/v1/PastValue.js';
import type { PauseSweepRequestInput as _fmwork_v1_PauseSweepRequestInput, PauseSweepRequest as _fmwork_v1_PauseSweepRequest } from './fmwork/v1/PauseSweepRequest.js';
import type { PauseSweepResponseInput as _fmwork_v1_PauseSweepResponseInput, PauseSweepResponse as _fmwork_v1_PauseSweepResponse } from './fmwork/v1/PauseSweepResponse.js';
import type { PercentileInput as _fmwork_v1_PercentileInput, Percentile as _fmwork_v1_Percentile } from './fmwork/v1/Percentile.js';
import type { ResumeSweepRequestInput as _fmwork_v1_ResumeSweepRequestInput, ResumeSweepRequest as _fmwork_v1_ResumeSweepRequest } from './fmwork/v1/ResumeSweepRequest.js';
import type { ResumeSweepResponseInput as _fmwork_v1_ResumeSweepResponseInput, ResumeSweepResponse as _fmwork_v1_ResumeSweepResponse } from './fmwork/v1/ResumeSweepResponse.js';
import type { ScalarInput as _fmwork_v1_ScalarInput, Scalar as _fmwork_v1_Scalar } from './fmwork/v1/Scalar.js';
import type { SpentInput as _fmwork_v1_SpentInput, Spent as _fmwork_v1_Spent } from './fmwork/v1/Spent.js';
import type { SubmitSweepRequestInput as _fmwork_v1_SubmitSweepRequestInput, SubmitSweepRequest as _fmwork_v1_SubmitSweepRequest } from './fmwork/v1/SubmitSweepRequest.js';
import type { SubmitSweepResponseInput as _fmwork_v1_SubmitSweepResponseInput, SubmitSweepResponse as _fmwork_v1_SubmitSweepResponse } from './fmwork/v1/SubmitSweepResponse.js';
import type { SurfaceEstimateInput as _fmwork_v1_SurfaceEstimateInput, SurfaceEstimate as _fmwork_v1_SurfaceEstimate } from './fmwork/v1/SurfaceEstimate.js';
import type { SurfacePageInput as _fmwork_v1_SurfacePageInput, SurfacePage as _fmwork_v1_SurfacePage } from './fmwork/v1/SurfacePage.js';
import type { SurfacePointInput as _fmwork_v1_SurfacePointInput, SurfacePoint as _fmwork_v1_SurfacePoint } from './fmwork/v1/SurfacePoint.js';
import type { SweepStatusInput as _fmwork_v1_SweepStatusInput, SweepStatus as _fmwork_v1_SweepStatus } from './fmwork/v1/SweepStatus.js';
import type { SweepSummaryInput as _fmwork_v1_SweepSummaryInput, SweepSummary as _fmwork_v1_SweepSummary } from './fmwork/v1/SweepSummary.js';
import type { TrialEndedInput as _fmwork_v1_TrialEndedInput, TrialEnded as _fmwork_v1_TrialEnded } from './fmwork/v1/TrialEnded.js';
import type { TrialTimingInput as _fmwork_v1_TrialTimingInput, TrialTiming as _fmwork_v1_TrialTiming } from './fmwork/v1/TrialTiming.js';
import type { VerificationInput as _fmwork_v1_VerificationInput, Verification as _fmwork_v1_Verification } from './fmwork/v1/Verification.js';
import type { VerifiedMetricInput as _fmwork_v1_VerifiedMetricInput, VerifiedMetric as _fmwork_v1_VerifiedMetric } from './fmwork/v1/VerifiedMetric.js';
import type { VerifySweepRequestInput as _fmwork_v1_VerifySweepRequestInput, VerifySweepRequest as _fmwork_v1_VerifySweepRequest } from './fmwork/v1/VerifySweepRequest.js';
import type { VerifySweepResponseInput as _fmwork_v1_VerifySweepResponseInput, VerifySweepResponse as _fmwork_v1_VerifySweepResponse } from './fmwork/v1/VerifySweepResponse.js';
import type { WatchSweepRequestInput as _fmwork_v1_WatchSweepRequestInput, WatchSweepRequest as _fmwork_v1_WatchSweepRequest } from './fmwork/v1/WatchSweepRequest.js';
import type { WatchSweepResponseInput as _fmwork_v1_WatchSweepResponseInput, WatchSweepResponse as _fmwork_v1_WatchSweepResponse } from './fmwork/v1/WatchSweepResponse.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fmwork: {
    v1: {
      AgentStatus: MessageTypeDefinition<_fmwork_v1_AgentStatusInput, _fmwork_v1_AgentStatus>
      CancelSweepRequest: MessageTypeDefinition<_fmwork_v1_CancelSweepRequestInput, _fmwork_v1_CancelSweepRequest>
      CancelSweepResponse: MessageTypeDefinition<_fmwork_v1_CancelSweepResponseInput, _fmwork_v1_CancelSweepResponse>
      Configuration: MessageTypeDefinition<_fmwork_v1_ConfigurationInput, _fmwork_v1_Configuration>
      /**
       * Between people's tools (CLI, dashboard, scripts) and the coordinator.
       */
      ControlService: SubtypeConstructor<typeof grpc.Client, _fmwork_v1_ControlServiceClient> & { service: _fmwork_v1_ControlServiceDefinition }
      CurvePoint: MessageTypeDefinition<_fmwork_v1_CurvePointInput, _fmwork_v1_CurvePoint>
      Decision: MessageTypeDefinition<_fmwork_v1_DecisionInput, _fmwork_v1_Decision>
      DecisionAlternative: MessageTypeDefinition<_fmwork_v1_DecisionAlternativeInput, _fmwork_v1_DecisionAlternative>
      DecisionGoal: MessageTypeDefinition<_fmwork_v1_DecisionGoalInput, _fmwork_v1_DecisionGoal>
      Doubt: MessageTypeDefinition<_fmwork_v1_DoubtInput, _fmwork_v1_Doubt>
      ExportSweepRequest: MessageTypeDefinition<_fmwork_v1_ExportSweepRequestInput, _fmwork_v1_ExportSweepRequest>
      ExportSweepResponse: MessageTypeDefinition<_fmwork_v1_ExportSweepResponseInput, _fmwork_v1_ExportSweepResponse>
      GetSweepRequest: MessageTypeDefinition<_fmwork_v1_GetSweepRequestInput, _fmwork_v1_GetSweepRequest>
      GetSweepResponse: MessageTypeDefinition<_fmwork_v1_GetSweepResponseInput, _fmwork_v1_GetSweepResponse>
      Harvest: MessageTypeDefinition<_fmwork_v1_HarvestInput, _fmwork_v1_Harvest>
      HarvestBias: MessageTypeDefinition<_fmwork_v1_HarvestBiasInput, _fmwork_v1_HarvestBias>
      HarvestStatus: MessageTypeDefinition<_fmwork_v1_HarvestStatusInput, _fmwork_v1_HarvestStatus>
      Interval: MessageTypeDefinition<_fmwork_v1_IntervalInput, _fmwork_v1_Interval>
      LevelChange: MessageTypeDefinition<_fmwork_v1_LevelChangeInput, _fmwork_v1_LevelChange>
      LevelShift: MessageTypeDefinition<_fmwork_v1_LevelShiftInput, _fmwork_v1_LevelShift>
      ListAgentsRequest: MessageTypeDefinition<_fmwork_v1_ListAgentsRequestInput, _fmwork_v1_ListAgentsRequest>
      ListAgentsResponse: MessageTypeDefinition<_fmwork_v1_ListAgentsResponseInput, _fmwork_v1_ListAgentsResponse>
      ListSweepsRequest: MessageTypeDefinition<_fmwork_v1_ListSweepsRequestInput, _fmwork_v1_ListSweepsRequest>
      ListSweepsResponse: MessageTypeDefinition<_fmwork_v1_ListSweepsResponseInput, _fmwork_v1_ListSweepsResponse>
      Measurement: MessageTypeDefinition<_fmwork_v1_MeasurementInput, _fmwork_v1_Measurement>
      MetricAccuracy: MessageTypeDefinition<_fmwork_v1_MetricAccuracyInput, _fmwork_v1_MetricAccuracy>
      MetricEstimate: MessageTypeDefinition<_fmwork_v1_MetricEstimateInput, _fmwork_v1_MetricEstimate>
      NodeLevel: MessageTypeDefinition<_fmwork_v1_NodeLevelInput, _fmwork_v1_NodeLevel>
      PastMetric: MessageTypeDefinition<_fmwork_v1_PastMetricInput, _fmwork_v1_PastMetric>
      PastOrigin: MessageTypeDefinition<_fmwork_v1_PastOriginInput, _fmwork_v1_PastOrigin>
      PastRow: MessageTypeDefinition<_fmwork_v1_PastRowInput, _fmwork_v1_PastRow>
      PastStatus: MessageTypeDefinition<_fmwork_v1_PastStatusInput, _fmwork_v1_PastStatus>
      PastValue: MessageTypeDefinition<_fmwork_v1_PastValueInput, _fmwork_v1_PastValue>
      PauseSweepRequest: MessageTypeDefinition<_fmwork_v1_PauseSweepRequestInput, _fmwork_v1_PauseSweepRequest>
      PauseSweepResponse: MessageTypeDefinition<_fmwork_v1_PauseSweepResponseInput, _fmwork_v1_PauseSweepResponse>
      Percentile: MessageTypeDefinition<_fmwork_v1_PercentileInput, _fmwork_v1_Percentile>
      ResumeSweepRequest: MessageTypeDefinition<_fmwork_v1_ResumeSweepRequestInput, _fmwork_v1_ResumeSweepRequest>
      ResumeSweepResponse: MessageTypeDefinition<_fmwork_v1_ResumeSweepResponseInput, _fmwork_v1_ResumeSweepResponse>
      Scalar: MessageTypeDefinition<_fmwork_v1_ScalarInput, _fmwork_v1_Scalar>
      Spent: MessageTypeDefinition<_fmwork_v1_SpentInput, _fmwork_v1_Spent>
      SubmitSweepRequest: MessageTypeDefinition<_fmwork_v1_SubmitSweepRequestInput, _fmwork_v1_SubmitSweepRequest>
      SubmitSweepResponse: MessageTypeDefinition<_fmwork_v1_SubmitSweepResponseInput, _fmwork_v1_SubmitSweepResponse>
      SurfaceEstimate: MessageTypeDefinition<_fmwork_v1_SurfaceEstimateInput, _fmwork_v1_SurfaceEstimate>
      SurfacePage: MessageTypeDefinition<_fmwork_v1_SurfacePageInput, _fmwork_v1_SurfacePage>
      SurfacePoint: MessageTypeDefinition<_fmwork_v1_SurfacePointInput, _fmwork_v1_SurfacePoint>
      SweepStatus: MessageTypeDefinition<_fmwork_v1_SweepStatusInput, _fmwork_v1_SweepStatus>
      SweepSummary: MessageTypeDefinition<_fmwork_v1_SweepSummaryInput, _fmwork_v1_SweepSummary>
      TrialEnded: MessageTypeDefinition<_fmwork_v1_TrialEndedInput, _fmwork_v1_TrialEnded>
      TrialTiming: MessageTypeDefinition<_fmwork_v1_TrialTimingInput, _fmwork_v1_TrialTiming>
      Verification: MessageTypeDefinition<_fmwork_v1_VerificationInput, _fmwork_v1_Verification>
      VerifiedMetric: MessageTypeDefinition<_fmwork_v1_VerifiedMetricInput, _fmwork_v1_VerifiedMetric>
      VerifySweepRequest: MessageTypeDefinition<_fmwork_v1_VerifySweepRequestInput, _fmwork_v1_VerifySweepRequest>
      VerifySweepResponse: MessageTypeDefinition<_fmwork_v1_VerifySweepResponseInput, _fmwork_v1_VerifySweepResponse>
      WatchSweepRequest: MessageTypeDefinition<_fmwork_v1_WatchSweepRequestInput, _fmwork_v1_WatchSweepRequest>
      WatchSweepResponse: MessageTypeDefinition<_fmwork_v1_WatchSweepResponseInput, _fmwork_v1_WatchSweepResponse>
    }
  }
}

