// Original file: proto/fmwork/v1/agent.proto

import type { ReportItemInput as _fmwork_v1_ReportItemInput, ReportItem as _fmwork_v1_ReportItem } from '../../fmwork/v1/ReportItem.js';
import type { Long } from '@grpc/proto-loader';

export interface ReportRequestInput {
  'agent'?: (string);
  /**
   * Grows by one with every batch of an agent, for ever.
   */
  'sequence'?: (number | string | Long);
  'items'?: (_fmwork_v1_ReportItemInput)[];
}

export interface ReportRequest {
  'agent': (string);
  /**
   * Grows by one with every batch of an agent, for ever.
   */
  'sequence': (number);
  'items': (_fmwork_v1_ReportItem)[];
}
