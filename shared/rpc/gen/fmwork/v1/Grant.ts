// Original file: proto/fmwork/v1/agent.proto

import type { BlockInput as _fmwork_v1_BlockInput, Block as _fmwork_v1_Block } from '../../fmwork/v1/Block.js';
import type { TrialOrderInput as _fmwork_v1_TrialOrderInput, TrialOrder as _fmwork_v1_TrialOrder } from '../../fmwork/v1/TrialOrder.js';
import type { Long } from '@grpc/proto-loader';

/**
 * The right to a block, and trials in it. A grant for a lease that the agent already holds adds
 * trials to it.
 */
export interface GrantInput {
  'leaseId'?: (string);
  /**
   * Fencing token: grows with every lease of the block; a smaller one is refused.
   */
  'token'?: (number | string | Long);
  'block'?: (_fmwork_v1_BlockInput | null);
  'trials'?: (_fmwork_v1_TrialOrderInput)[];
}

/**
 * The right to a block, and trials in it. A grant for a lease that the agent already holds adds
 * trials to it.
 */
export interface Grant {
  'leaseId': (string);
  /**
   * Fencing token: grows with every lease of the block; a smaller one is refused.
   */
  'token': (number);
  'block': (_fmwork_v1_Block | null);
  'trials': (_fmwork_v1_TrialOrder)[];
}
