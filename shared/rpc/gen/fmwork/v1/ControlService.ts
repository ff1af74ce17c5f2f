// Original file: proto/fmwork/v1/control.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelSweepRequestInput as _fmwork_v1_CancelSweepRequestInput, CancelSweepRequest as _fmwork_v1_CancelSweepRequest } from '../../fmwork/v1/CancelSweepRequest.js';
import type { CancelSweepResponseInput as _fmwork_v1_CancelSweepResponseInput, CancelSweepResponse as _fmwork_v1_CancelSweepResponse } from '../../fmwork/v1/CancelSweepResponse.js';
import type { ExportSweepRequestInput as _fmwork_v1_ExportSweepRequestInput, ExportSweepRequest as _fmwork_v1_ExportSweepRequest } from '../../fmwork/v1/ExportSweepRequest.js';
import type { ExportSweepResponseInput as _fmwork_v1_ExportSweepResponseInput, ExportSweepResponse as _fmwork_v1_ExportSweepResponse } from '../../fmwork/v1/ExportSweepResponse.js';
import type { GetSweepRequestInput as _fmwork_v1_GetSweepRequestInput, GetSweepRequest as _fmwork_v1_GetSweepRequest } from '../../fmwork/v1/GetSweepRequest.js';
import type { GetSweepResponseInput as _fmwork_v1_GetSweepResponseInput, GetSweepResponse as _fmwork_v1_GetSweepResponse } from '../../fmwork/v1/GetSweepResponse.js';
import type { ListAgentsRequestInput as _fmwork_v1_ListAgentsRequestInput, ListAgentsRequest as _fmwork_v1_ListAgentsRequest } from '../../fmwork/v1/ListAgentsRequest.js';
import type { ListAgentsResponseInput as _fmwork_v1_ListAgentsResponseInput, ListAgentsResponse as _fmwork_v1_ListAgentsResponse } from '../../fmwork/v1/ListAgentsResponse.js';
import type { ListSweepsRequestInput as _fmwork_v1_ListSweepsRequestInput, ListSweepsRequest as _fmwork_v1_ListSweepsRequest } from '../../fmwork/v1/ListSweepsRequest.js';
import type { ListSweepsResponseInput as _fmwork_v1_ListSweepsResponseInput, ListSweepsResponse as _fmwork_v1_ListSweepsResponse } from '../../fmwork/v1/ListSweepsResponse.js';
import type { PauseSweepRequestInput as _fmwork_v1_PauseSweepRequestInput, PauseSweepRequest as _fmwork_v1_PauseSweepRequest } from '../../fmwork/v1/PauseSweepRequest.js';
import type { PauseSweepResponseInput as _fmwork_v1_PauseSweepResponseInput, PauseSweepResponse as _fmwork_v1_PauseSweepResponse } from '../../fmwork/v1/PauseSweepResponse.js';
import type { ResumeSweepRequestInput as _fmwork_v1_ResumeSweepRequestInput, ResumeSweepRequest as _fmwork_v1_ResumeSweepRequest } from '../../fmwork/v1/ResumeSweepRequest.js';
import type { ResumeSweepResponseInput as _fmwork_v1_ResumeSweepResponseInput, ResumeSweepResponse as _fmwork_v1_ResumeSweepResponse } from '../../fmwork/v1/ResumeSweepResponse.js';
import type { SubmitSweepRequestInput as _fmwork_v1_SubmitSweepRequestInput, SubmitSweepRequest as _fmwork_v1_SubmitSweepRequest } from '../../fmwork/v1/SubmitSweepRequest.js';
import type { SubmitSweepResponseInput as _fmwork_v1_SubmitSweepResponseInput, SubmitSweepResponse as _fmwork_v1_SubmitSweepResponse } from '../../fmwork/v1/SubmitSweepResponse.js';
import type { VerifySweepRequestInput as _fmwork_v1_VerifySweepRequestInput, VerifySweepRequest as _fmwork_v1_VerifySweepRequest } from '../../fmwork/v1/VerifySweepRequest.js';
import type { VerifySweepResponseInput as _fmwork_v1_VerifySweepResponseInput, VerifySweepResponse as _fmwork_v1_VerifySweepResponse } from '../../fmwork/v1/VerifySweepResponse.js';
import type { WatchSweepRequestInput as _fmwork_v1_WatchSweepRequestInput, WatchSweepRequest as _fmwork_v1_WatchSweepRequest } from '../../fmwork/v1/WatchSweepRequest.js';
import type { WatchSweepResponseInput as _fmwork_v1_WatchSweepResponseInput, WatchSweepResponse as _fmwork_v1_WatchSweepResponse } from '../../fmwork/v1/WatchSweepResponse.js';

/**
 * Between people's tools (CLI, dashboard, scripts) and the coordinator.
 */
export interface ControlServiceClient extends grpc.Client {
  CancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  CancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  CancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  CancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fmwork_v1_CancelSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_CancelSweepResponse>): grpc.ClientUnaryCall;
  
  /**
   * Everything a report needs, in pages.
   */
  ExportSweep(argument: _fmwork_v1_ExportSweepRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_ExportSweepResponse>;
  ExportSweep(argument: _fmwork_v1_ExportSweepRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_ExportSweepResponse>;
  /**
   * Everything a report needs, in pages.
   */
  exportSweep(argument: _fmwork_v1_ExportSweepRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_ExportSweepResponse>;
  exportSweep(argument: _fmwork_v1_ExportSweepRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_ExportSweepResponse>;
  
  GetSweep(argument: _fmwork_v1_GetSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  GetSweep(argument: _fmwork_v1_GetSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  GetSweep(argument: _fmwork_v1_GetSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  GetSweep(argument: _fmwork_v1_GetSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  getSweep(argument: _fmwork_v1_GetSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  getSweep(argument: _fmwork_v1_GetSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  getSweep(argument: _fmwork_v1_GetSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  getSweep(argument: _fmwork_v1_GetSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_GetSweepResponse>): grpc.ClientUnaryCall;
  
  ListAgents(argument: _fmwork_v1_ListAgentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _fmwork_v1_ListAgentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _fmwork_v1_ListAgentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  ListAgents(argument: _fmwork_v1_ListAgentsRequestInput, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _fmwork_v1_ListAgentsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _fmwork_v1_ListAgentsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _fmwork_v1_ListAgentsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: _fmwork_v1_ListAgentsRequestInput, callback: grpc.requestCallback<_fmwork_v1_ListAgentsResponse>): grpc.ClientUnaryCall;
  
  ListSweeps(argument: _fmwork_v1_ListSweepsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  ListSweeps(argument: _fmwork_v1_ListSweepsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  ListSweeps(argument: _fmwork_v1_ListSweepsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  ListSweeps(argument: _fmwork_v1_ListSweepsRequestInput, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  listSweeps(argument: _fmwork_v1_ListSweepsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  listSweeps(argument: _fmwork_v1_ListSweepsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  listSweeps(argument: _fmwork_v1_ListSweepsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  listSweeps(argument: _fmwork_v1_ListSweepsRequestInput, callback: grpc.requestCallback<_fmwork_v1_ListSweepsResponse>): grpc.ClientUnaryCall;
  
  PauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  PauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  PauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  PauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  pauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  pauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  pauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  pauseSweep(argument: _fmwork_v1_PauseSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_PauseSweepResponse>): grpc.ClientUnaryCall;
  
  ResumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  ResumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  ResumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  ResumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  resumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  resumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  resumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  resumeSweep(argument: _fmwork_v1_ResumeSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_ResumeSweepResponse>): grpc.ClientUnaryCall;
  
  /**
   * Starts a sweep, or answers with the existing one when the same text was submitted before.
   */
  SubmitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  SubmitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  SubmitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  SubmitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  /**
   * Starts a sweep, or answers with the existing one when the same text was submitted before.
   */
  submitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  submitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  submitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  submitSweep(argument: _fmwork_v1_SubmitSweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_SubmitSweepResponse>): grpc.ClientUnaryCall;
  
  /**
   * Measures the reference: the whole grid, or a uniformly random sample of it.
   */
  VerifySweep(argument: _fmwork_v1_VerifySweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  VerifySweep(argument: _fmwork_v1_VerifySweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  VerifySweep(argument: _fmwork_v1_VerifySweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  VerifySweep(argument: _fmwork_v1_VerifySweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  /**
   * Measures the reference: the whole grid, or a uniformly random sample of it.
   */
  verifySweep(argument: _fmwork_v1_VerifySweepRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  verifySweep(argument: _fmwork_v1_VerifySweepRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  verifySweep(argument: _fmwork_v1_VerifySweepRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  verifySweep(argument: _fmwork_v1_VerifySweepRequestInput, callback: grpc.requestCallback<_fmwork_v1_VerifySweepResponse>): grpc.ClientUnaryCall;
  
  /**
   * The state of a sweep now and after every change, until it ends or the caller leaves.
   */
  WatchSweep(argument: _fmwork_v1_WatchSweepRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_WatchSweepResponse>;
  WatchSweep(argument: _fmwork_v1_WatchSweepRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_WatchSweepResponse>;
  /**
   * The state of a sweep now and after every change, until it ends or the caller leaves.
   */
  watchSweep(argument: _fmwork_v1_WatchSweepRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_WatchSweepResponse>;
  watchSweep(argument: _fmwork_v1_WatchSweepRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_fmwork_v1_WatchSweepResponse>;
  
}

/**
 * Between people's tools (CLI, dashboard, scripts) and the coordinator.
 */
export interface ControlServiceHandlers extends grpc.UntypedServiceImplementation {
  CancelSweep: grpc.handleUnaryCall<_fmwork_v1_CancelSweepRequest, _fmwork_v1_CancelSweepResponseInput>;
  
  /**
   * Everything a report needs, in pages.
   */
  ExportSweep: grpc.handleServerStreamingCall<_fmwork_v1_ExportSweepRequest, _fmwork_v1_ExportSweepResponseInput>;
  
  GetSweep: grpc.handleUnaryCall<_fmwork_v1_GetSweepRequest, _fmwork_v1_GetSweepResponseInput>;
  
  ListAgents: grpc.handleUnaryCall<_fmwork_v1_ListAgentsRequest, _fmwork_v1_ListAgentsResponseInput>;
  
  ListSweeps: grpc.handleUnaryCall<_fmwork_v1_ListSweepsRequest, _fmwork_v1_ListSweepsResponseInput>;
  
  PauseSweep: grpc.handleUnaryCall<_fmwork_v1_PauseSweepRequest, _fmwork_v1_PauseSweepResponseInput>;
  
  ResumeSweep: grpc.handleUnaryCall<_fmwork_v1_ResumeSweepRequest, _fmwork_v1_ResumeSweepResponseInput>;
  
  /**
   * Starts a sweep, or answers with the existing one when the same text was submitted before.
   */
  SubmitSweep: grpc.handleUnaryCall<_fmwork_v1_SubmitSweepRequest, _fmwork_v1_SubmitSweepResponseInput>;
  
  /**
   * Measures the reference: the whole grid, or a uniformly random sample of it.
   */
  VerifySweep: grpc.handleUnaryCall<_fmwork_v1_VerifySweepRequest, _fmwork_v1_VerifySweepResponseInput>;
  
  /**
   * The state of a sweep now and after every change, until it ends or the caller leaves.
   */
  WatchSweep: grpc.handleServerStreamingCall<_fmwork_v1_WatchSweepRequest, _fmwork_v1_WatchSweepResponseInput>;
  
}

export interface ControlServiceDefinition extends grpc.ServiceDefinition {
  CancelSweep: MethodDefinition<_fmwork_v1_CancelSweepRequestInput, _fmwork_v1_CancelSweepResponseInput, _fmwork_v1_CancelSweepRequest, _fmwork_v1_CancelSweepResponse>
  ExportSweep: MethodDefinition<_fmwork_v1_ExportSweepRequestInput, _fmwork_v1_ExportSweepResponseInput, _fmwork_v1_ExportSweepRequest, _fmwork_v1_ExportSweepResponse>
  GetSweep: MethodDefinition<_fmwork_v1_GetSweepRequestInput, _fmwork_v1_GetSweepResponseInput, _fmwork_v1_GetSweepRequest, _fmwork_v1_GetSweepResponse>
  ListAgents: MethodDefinition<_fmwork_v1_ListAgentsRequestInput, _fmwork_v1_ListAgentsResponseInput, _fmwork_v1_ListAgentsRequest, _fmwork_v1_ListAgentsResponse>
  ListSweeps: MethodDefinition<_fmwork_v1_ListSweepsRequestInput, _fmwork_v1_ListSweepsResponseInput, _fmwork_v1_ListSweepsRequest, _fmwork_v1_ListSweepsResponse>
  PauseSweep: MethodDefinition<_fmwork_v1_PauseSweepRequestInput, _fmwork_v1_PauseSweepResponseInput, _fmwork_v1_PauseSweepRequest, _fmwork_v1_PauseSweepResponse>
  ResumeSweep: MethodDefinition<_fmwork_v1_ResumeSweepRequestInput, _fmwork_v1_ResumeSweepResponseInput, _fmwork_v1_ResumeSweepRequest, _fmwork_v1_ResumeSweepResponse>
  SubmitSweep: MethodDefinition<_fmwork_v1_SubmitSweepRequestInput, _fmwork_v1_SubmitSweepResponseInput, _fmwork_v1_SubmitSweepRequest, _fmwork_v1_SubmitSweepResponse>
  VerifySweep: MethodDefinition<_fmwork_v1_VerifySweepRequestInput, _fmwork_v1_VerifySweepResponseInput, _fmwork_v1_VerifySweepRequest, _fmwork_v1_VerifySweepResponse>
  WatchSweep: MethodDefinition<_fmwork_v1_WatchSweepRequestInput, _fmwork_v1_WatchSweepResponseInput, _fmwork_v1_WatchSweepRequest, _fmwork_v1_WatchSweepResponse>
}
