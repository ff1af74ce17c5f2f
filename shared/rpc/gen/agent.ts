import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AgentMessageInput as _fmwork_v1_AgentMessageInput, AgentMessage as _fmwork_v1_AgentMessage } from './fmwork/v1/AgentMessage.js';
import type { AgentServiceClient as _fmwork_v1_AgentServiceClient, AgentServiceDefinition as _fmwork_v1_AgentServiceDefinition } from './fmwork/v1/AgentService.js';
import type { BlockInput as _fmwork_v1_BlockInput, Block as _fmwork_v1_Block } from './fmwork/v1/Block.js';
import type { CaptureSizesInput as _fmwork_v1_CaptureSizesInput, CaptureSizes as _fmwork_v1_CaptureSizes } from './fmwork/v1/CaptureSizes.js';
import type { ClosedLoopInput as _fmwork_v1_ClosedLoopInput, ClosedLoop as _fmwork_v1_ClosedLoop } from './fmwork/v1/ClosedLoop.js';
import type { ConfigurationInput as _fmwork_v1_ConfigurationInput, Configuration as _fmwork_v1_Configuration } from './fmwork/v1/Configuration.js';
import type { CoordinatorMessageInput as _fmwork_v1_CoordinatorMessageInput, CoordinatorMessage as _fmwork_v1_CoordinatorMessage } from './fmwork/v1/CoordinatorMessage.js';
import type { DataLoopInput as _fmwork_v1_DataLoopInput, DataLoop as _fmwork_v1_DataLoop } from './fmwork/v1/DataLoop.js';
import type { DeviceFactsInput as _fmwork_v1_DeviceFactsInput, DeviceFacts as _fmwork_v1_DeviceFacts } from './fmwork/v1/DeviceFacts.js';
import type { DoubtInput as _fmwork_v1_DoubtInput, Doubt as _fmwork_v1_Doubt } from './fmwork/v1/Doubt.js';
import type { DrainInput as _fmwork_v1_DrainInput, Drain as _fmwork_v1_Drain } from './fmwork/v1/Drain.js';
import type { EngineStartedInput as _fmwork_v1_EngineStartedInput, EngineStarted as _fmwork_v1_EngineStarted } from './fmwork/v1/EngineStarted.js';
import type { EnvironmentInput as _fmwork_v1_EnvironmentInput, Environment as _fmwork_v1_Environment } from './fmwork/v1/Environment.js';
import type { FailedInput as _fmwork_v1_FailedInput, Failed as _fmwork_v1_Failed } from './fmwork/v1/Failed.js';
import type { GrantInput as _fmwork_v1_GrantInput, Grant as _fmwork_v1_Grant } from './fmwork/v1/Grant.js';
import type { HarvestInput as _fmwork_v1_HarvestInput, Harvest as _fmwork_v1_Harvest } from './fmwork/v1/Harvest.js';
import type { HeartbeatInput as _fmwork_v1_HeartbeatInput, Heartbeat as _fmwork_v1_Heartbeat } from './fmwork/v1/Heartbeat.js';
import type { HeartbeatAnswerInput as _fmwork_v1_HeartbeatAnswerInput, HeartbeatAnswer as _fmwork_v1_HeartbeatAnswer } from './fmwork/v1/HeartbeatAnswer.js';
import type { HeldLeaseInput as _fmwork_v1_HeldLeaseInput, HeldLease as _fmwork_v1_HeldLease } from './fmwork/v1/HeldLease.js';
import type { HelloInput as _fmwork_v1_HelloInput, Hello as _fmwork_v1_Hello } from './fmwork/v1/Hello.js';
import type { InfeasibleInput as _fmwork_v1_InfeasibleInput, Infeasible as _fmwork_v1_Infeasible } from './fmwork/v1/Infeasible.js';
import type { MeasurementInput as _fmwork_v1_MeasurementInput, Measurement as _fmwork_v1_Measurement } from './fmwork/v1/Measurement.js';
import type { MeasurementPlanInput as _fmwork_v1_MeasurementPlanInput, MeasurementPlan as _fmwork_v1_MeasurementPlan } from './fmwork/v1/MeasurementPlan.js';
import type { MetricEstimateInput as _fmwork_v1_MetricEstimateInput, MetricEstimate as _fmwork_v1_MetricEstimate } from './fmwork/v1/MetricEstimate.js';
import type { NoWorkInput as _fmwork_v1_NoWorkInput, NoWork as _fmwork_v1_NoWork } from './fmwork/v1/NoWork.js';
import type { OpenLoopInput as _fmwork_v1_OpenLoopInput, OpenLoop as _fmwork_v1_OpenLoop } from './fmwork/v1/OpenLoop.js';
import type { PercentileInput as _fmwork_v1_PercentileInput, Percentile as _fmwork_v1_Percentile } from './fmwork/v1/Percentile.js';
import type { RampedLoopInput as _fmwork_v1_RampedLoopInput, RampedLoop as _fmwork_v1_RampedLoop } from './fmwork/v1/RampedLoop.js';
import type { ReleaseInput as _fmwork_v1_ReleaseInput, Release as _fmwork_v1_Release } from './fmwork/v1/Release.js';
import type { RenewalInput as _fmwork_v1_RenewalInput, Renewal as _fmwork_v1_Renewal } from './fmwork/v1/Renewal.js';
import type { RenewedInput as _fmwork_v1_RenewedInput, Renewed as _fmwork_v1_Renewed } from './fmwork/v1/Renewed.js';
import type { ReportItemInput as _fmwork_v1_ReportItemInput, ReportItem as _fmwork_v1_ReportItem } from './fmwork/v1/ReportItem.js';
import type { ReportRequestInput as _fmwork_v1_ReportRequestInput, ReportRequest as _fmwork_v1_ReportRequest } from './fmwork/v1/ReportRequest.js';
import type { ReportResponseInput as _fmwork_v1_ReportResponseInput, ReportResponse as _fmwork_v1_ReportResponse } from './fmwork/v1/ReportResponse.js';
import type { RevokeInput as _fmwork_v1_RevokeInput, Revoke as _fmwork_v1_Revoke } from './fmwork/v1/Revoke.js';
import type { SampleInput as _fmwork_v1_SampleInput, Sample as _fmwork_v1_Sample } from './fmwork/v1/Sample.js';
import type { ScalarInput as _fmwork_v1_ScalarInput, Scalar as _fmwork_v1_Scalar } from './fmwork/v1/Scalar.js';
import type { StaticBatchInput as _fmwork_v1_StaticBatchInput, StaticBatch as _fmwork_v1_StaticBatch } from './fmwork/v1/StaticBatch.js';
import type { TelemetryBatchInput as _fmwork_v1_TelemetryBatchInput, TelemetryBatch as _fmwork_v1_TelemetryBatch } from './fmwork/v1/TelemetryBatch.js';
import type { TelemetryReadingInput as _fmwork_v1_TelemetryReadingInput, TelemetryReading as _fmwork_v1_TelemetryReading } from './fmwork/v1/TelemetryReading.js';
import type { ThrottleReasonsInput as _fmwork_v1_ThrottleReasonsInput, ThrottleReasons as _fmwork_v1_ThrottleReasons } from './fmwork/v1/ThrottleReasons.js';
import type { TrialCutInput as _fmwork_v1_TrialCutInput, TrialCut as _fmwork_v1_TrialCut } from './fmwork/v1/TrialCut.js';
import type { TrialOrderInput as _fmwork_v1_TrialOrderInput, TrialOrder as _fmwork_v1_TrialOrder } from './fmwork/v1/TrialOrder.js';
import type { TrialResultInput as _fmwork_v1_TrialResultInput, TrialResult as _fmwork_v1_TrialResult } from './fmwork/v1/TrialResult.js';
import type { TrialSamplesInput as _fmwork_v1_TrialSamplesInput, TrialSamples as _fmwork_v1_TrialSamples } from './fmwork/v1/TrialSamples.js';
import type { TrialStartedInput as _fmwork_v1_TrialStartedInput, TrialStarted as _fmwork_v1_TrialStarted } from './fmwork/v1/TrialStarted.js';
import type { TrialTimingInput as _fmwork_v1_TrialTimingInput, TrialTiming as _fmwork_v1_TrialTiming } from './fmwork/v1/TrialTiming.js';
import type { WakeInput as _fmwork_v1_WakeInput, Wake as _fmwork_v1_Wake } from './fmwork/v1/Wake.js';
import type { WelcomeInput as _fmwork_v1_WelcomeInput, Welcome as _fmwork_v1_Welcome } from './fmwork/v1/Welcome.js';
import type { WorkRequestInput as _fmwork_v1_WorkRequestInput, WorkRequest as _fmwork_v1_WorkRequest } from './fmwork/v1/WorkRequest.js';
import type { WorkloadInput as _fmwork_v1_WorkloadInput, Workload as _fmwork_v1_Workload } from './fmwork/v1/Workload.js';
import type { WorkloadDataInput as _fmwork_v1_WorkloadDataInput, WorkloadData as _fmwork_v1_WorkloadData } from './fmwork/v1/WorkloadData.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fmwork: {
    v1: {
      AgentActivity: EnumTypeDefinition
      AgentMessage: MessageTypeDefinition<_fmwork_v1_AgentMessageInput, _fmwork_v1_AgentMessage>
      /**
       * Between an agent on a node and the coordinator. Control and data travel apart, so that a revoke
       * never waits behind samples.
       */
      AgentService: SubtypeConstructor<typeof grpc.Client, _fmwork_v1_AgentServiceClient> & { service: _fmwork_v1_AgentServiceDefinition }
      Block: MessageTypeDefinition<_fmwork_v1_BlockInput, _fmwork_v1_Block>
      CaptureSizes: MessageTypeDefinition<_fmwork_v1_CaptureSizesInput, _fmwork_v1_CaptureSizes>
      ClosedLoop: MessageTypeDefinition<_fmwork_v1_ClosedLoopInput, _fmwork_v1_ClosedLoop>
      Configuration: MessageTypeDefinition<_fmwork_v1_ConfigurationInput, _fmwork_v1_Configuration>
      CoordinatorMessage: MessageTypeDefinition<_fmwork_v1_CoordinatorMessageInput, _fmwork_v1_CoordinatorMessage>
      DataLoop: MessageTypeDefinition<_fmwork_v1_DataLoopInput, _fmwork_v1_DataLoop>
      DeviceFacts: MessageTypeDefinition<_fmwork_v1_DeviceFactsInput, _fmwork_v1_DeviceFacts>
      Doubt: MessageTypeDefinition<_fmwork_v1_DoubtInput, _fmwork_v1_Doubt>
      Drain: MessageTypeDefinition<_fmwork_v1_DrainInput, _fmwork_v1_Drain>
      EngineStarted: MessageTypeDefinition<_fmwork_v1_EngineStartedInput, _fmwork_v1_EngineStarted>
      Environment: MessageTypeDefinition<_fmwork_v1_EnvironmentInput, _fmwork_v1_Environment>
      Failed: MessageTypeDefinition<_fmwork_v1_FailedInput, _fmwork_v1_Failed>
      Grant: MessageTypeDefinition<_fmwork_v1_GrantInput, _fmwork_v1_Grant>
      Harvest: MessageTypeDefinition<_fmwork_v1_HarvestInput, _fmwork_v1_Harvest>
      Heartbeat: MessageTypeDefinition<_fmwork_v1_HeartbeatInput, _fmwork_v1_Heartbeat>
      HeartbeatAnswer: MessageTypeDefinition<_fmwork_v1_HeartbeatAnswerInput, _fmwork_v1_HeartbeatAnswer>
      HeldLease: MessageTypeDefinition<_fmwork_v1_HeldLeaseInput, _fmwork_v1_HeldLease>
      Hello: MessageTypeDefinition<_fmwork_v1_HelloInput, _fmwork_v1_Hello>
      Infeasible: MessageTypeDefinition<_fmwork_v1_InfeasibleInput, _fmwork_v1_Infeasible>
      Measurement: MessageTypeDefinition<_fmwork_v1_MeasurementInput, _fmwork_v1_Measurement>
      MeasurementPlan: MessageTypeDefinition<_fmwork_v1_MeasurementPlanInput, _fmwork_v1_MeasurementPlan>
      MetricEstimate: MessageTypeDefinition<_fmwork_v1_MetricEstimateInput, _fmwork_v1_MetricEstimate>
      NoWork: MessageTypeDefinition<_fmwork_v1_NoWorkInput, _fmwork_v1_NoWork>
      OpenLoop: MessageTypeDefinition<_fmwork_v1_OpenLoopInput, _fmwork_v1_OpenLoop>
      Percentile: MessageTypeDefinition<_fmwork_v1_PercentileInput, _fmwork_v1_Percentile>
      RampedLoop: MessageTypeDefinition<_fmwork_v1_RampedLoopInput, _fmwork_v1_RampedLoop>
      Release: MessageTypeDefinition<_fmwork_v1_ReleaseInput, _fmwork_v1_Release>
      Renewal: MessageTypeDefinition<_fmwork_v1_RenewalInput, _fmwork_v1_Renewal>
      Renewed: MessageTypeDefinition<_fmwork_v1_RenewedInput, _fmwork_v1_Renewed>
      ReportItem: MessageTypeDefinition<_fmwork_v1_ReportItemInput, _fmwork_v1_ReportItem>
      ReportRequest: MessageTypeDefinition<_fmwork_v1_ReportRequestInput, _fmwork_v1_ReportRequest>
      ReportResponse: MessageTypeDefinition<_fmwork_v1_ReportResponseInput, _fmwork_v1_ReportResponse>
      Revoke: MessageTypeDefinition<_fmwork_v1_RevokeInput, _fmwork_v1_Revoke>
      Sample: MessageTypeDefinition<_fmwork_v1_SampleInput, _fmwork_v1_Sample>
      Scalar: MessageTypeDefinition<_fmwork_v1_ScalarInput, _fmwork_v1_Scalar>
      StaticBatch: MessageTypeDefinition<_fmwork_v1_StaticBatchInput, _fmwork_v1_StaticBatch>
      TelemetryBatch: MessageTypeDefinition<_fmwork_v1_TelemetryBatchInput, _fmwork_v1_TelemetryBatch>
      TelemetryReading: MessageTypeDefinition<_fmwork_v1_TelemetryReadingInput, _fmwork_v1_TelemetryReading>
      ThrottleReasons: MessageTypeDefinition<_fmwork_v1_ThrottleReasonsInput, _fmwork_v1_ThrottleReasons>
      TrialCut: MessageTypeDefinition<_fmwork_v1_TrialCutInput, _fmwork_v1_TrialCut>
      TrialOrder: MessageTypeDefinition<_fmwork_v1_TrialOrderInput, _fmwork_v1_TrialOrder>
      TrialResult: MessageTypeDefinition<_fmwork_v1_TrialResultInput, _fmwork_v1_TrialResult>
      TrialSamples: MessageTypeDefinition<_fmwork_v1_TrialSamplesInput, _fmwork_v1_TrialSamples>
      TrialStarted: MessageTypeDefinition<_fmwork_v1_TrialStartedInput, _fmwork_v1_TrialStarted>
      TrialTiming: MessageTypeDefinition<_fmwork_v1_TrialTimingInput, _fmwork_v1_TrialTiming>
      Wake: MessageTypeDefinition<_fmwork_v1_WakeInput, _fmwork_v1_Wake>
      Welcome: MessageTypeDefinition<_fmwork_v1_WelcomeInput, _fmwork_v1_Welcome>
      WorkRequest: MessageTypeDefinition<_fmwork_v1_WorkRequestInput, _fmwork_v1_WorkRequest>
      Workload: MessageTypeDefinition<_fmwork_v1_WorkloadInput, _fmwork_v1_Workload>
      WorkloadData: MessageTypeDefinition<_fmwork_v1_WorkloadDataInput, _fmwork_v1_WorkloadData>
    }
  }
}

