// Original file: proto/fmwork/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AgentMessageInput as _fmwork_v1_AgentMessageInput, AgentMessage as _fmwork_v1_AgentMessage } from '../../fmwork/v1/AgentMessage.js';
import type { CoordinatorMessageInput as _fmwork_v1_CoordinatorMessageInput, CoordinatorMessage as _fmwork_v1_CoordinatorMessage } from '../../fmwork/v1/CoordinatorMessage.js';
import type { ReportRequestInput as _fmwork_v1_ReportRequestInput, ReportRequest as _fmwork_v1_ReportRequest } from '../../fmwork/v1/ReportRequest.js';
import type { ReportResponseInput as _fmwork_v1_ReportResponseInput, ReportResponse as _fmwork_v1_ReportResponse } from '../../fmwork/v1/ReportResponse.js';

/**
 * Between an agent on a node and the coordinator. Control and data travel apart, so that a revoke
 * never waits behind samples.
 */
export interface AgentServiceClient extends grpc.Client {
  /**
   * Results and telemetry, in order. Idempotent by (agent, sequence): a batch sent again is
   * acknowledged again and recorded once.
   */
  Report(argument: _fmwork_v1_ReportRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  Report(argument: _fmwork_v1_ReportRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  Report(argument: _fmwork_v1_ReportRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  Report(argument: _fmwork_v1_ReportRequestInput, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  /**
   * Results and telemetry, in order. Idempotent by (agent, sequence): a batch sent again is
   * acknowledged again and recorded once.
   */
  report(argument: _fmwork_v1_ReportRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  report(argument: _fmwork_v1_ReportRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  report(argument: _fmwork_v1_ReportRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  report(argument: _fmwork_v1_ReportRequestInput, callback: grpc.requestCallback<_fmwork_v1_ReportResponse>): grpc.ClientUnaryCall;
  
  /**
   * Control only, for the life of the agent: small, rare messages in both directions.
   */
  Session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fmwork_v1_AgentMessageInput, _fmwork_v1_CoordinatorMessage>;
  Session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fmwork_v1_AgentMessageInput, _fmwork_v1_CoordinatorMessage>;
  /**
   * Control only, for the life of the agent: small, rare messages in both directions.
   */
  session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fmwork_v1_AgentMessageInput, _fmwork_v1_CoordinatorMessage>;
  session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fmwork_v1_AgentMessageInput, _fmwork_v1_CoordinatorMessage>;
  
}

/**
 * Between an agent on a node and the coordinator. Control and data travel apart, so that a revoke
 * never waits behind samples.
 */
export interface AgentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Results and telemetry, in order. Idempotent by (agent, sequence): a batch sent again is
   * acknowledged again and recorded once.
   */
  Report: grpc.handleUnaryCall<_fmwork_v1_ReportRequest, _fmwork_v1_ReportResponseInput>;
  
  /**
   * Control only, for the life of the agent: small, rare messages in both directions.
   */
  Session: grpc.handleBidiStreamingCall<_fmwork_v1_AgentMessage, _fmwork_v1_CoordinatorMessageInput>;
  
}

export interface AgentServiceDefinition extends grpc.ServiceDefinition {
  Report: MethodDefinition<_fmwork_v1_ReportRequestInput, _fmwork_v1_ReportResponseInput, _fmwork_v1_ReportRequest, _fmwork_v1_ReportResponse>
  Session: MethodDefinition<_fmwork_v1_AgentMessageInput, _fmwork_v1_CoordinatorMessageInput, _fmwork_v1_AgentMessage, _fmwork_v1_CoordinatorMessage>
}
