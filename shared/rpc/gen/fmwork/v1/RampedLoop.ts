// Original file: proto/fmwork/v1/agent.proto

import type { OpenLoopInput as _fmwork_v1_OpenLoopInput, OpenLoop as _fmwork_v1_OpenLoop } from '../../fmwork/v1/OpenLoop.js';

/**
 * An open loop whose rate grows up to the configuration's load. A kind of its own, so that an agent
 * that knows no ramps refuses it.
 */
export interface RampedLoopInput {
  'loop'?: (_fmwork_v1_OpenLoopInput | null);
  /**
   * linear or exponential.
   */
  'kind'?: (string);
  /**
   * Where the rate begins, as a share of the load.
   */
  'fromShare'?: (number | string);
}

/**
 * An open loop whose rate grows up to the configuration's load. A kind of its own, so that an agent
 * that knows no ramps refuses it.
 */
export interface RampedLoop {
  'loop': (_fmwork_v1_OpenLoop | null);
  /**
   * linear or exponential.
   */
  'kind': (string);
  /**
   * Where the rate begins, as a share of the load.
   */
  'fromShare': (number);
}
