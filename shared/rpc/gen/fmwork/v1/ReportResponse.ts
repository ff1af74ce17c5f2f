// Original file: proto/fmwork/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ReportResponseInput {
  /**
   * The batch with this sequence, and all before it, is safely stored.
   */
  'acknowledgedSequence'?: (number | string | Long);
  /**
   * Trials whose results were refused because their lease is stale.
   */
  'refusedTrials'?: (string)[];
}

export interface ReportResponse {
  /**
   * The batch with this sequence, and all before it, is safely stored.
   */
  'acknowledgedSequence': (number);
  /**
   * Trials whose results were refused because their lease is stale.
   */
  'refusedTrials': (string)[];
}
