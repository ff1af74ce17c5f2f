// Original file: proto/fmwork/v1/control.proto

import type { LevelShiftInput as _fmwork_v1_LevelShiftInput, LevelShift as _fmwork_v1_LevelShift } from '../../fmwork/v1/LevelShift.js';
import type { Long } from '@grpc/proto-loader';

/**
 * The level of one agent, or of all, stepped while the sweep ran.
 */
export interface LevelChangeInput {
  /**
   * Absent: every agent.
   */
  'agent'?: (string);
  /**
   * Last measurement known to be of the old level, and first one of the new: epoch milliseconds.
   */
  'afterMs'?: (number | string | Long);
  'byMs'?: (number | string | Long);
  /**
   * Measured trials of the agent up to after_ms, and later.
   */
  'before'?: (number);
  'since'?: (number);
  /**
   * Those before are suspect, an agent that ran itself in; else those since.
   */
  'beforeSuspect'?: (boolean);
  'shifts'?: (_fmwork_v1_LevelShiftInput)[];
  '_agent'?: "agent";
}

/**
 * The level of one agent, or of all, stepped while the sweep ran.
 */
export interface LevelChange {
  /**
   * Absent: every agent.
   */
  'agent'?: (string);
  /**
   * Last measurement known to be of the old level, and first one of the new: epoch milliseconds.
   */
  'afterMs': (number);
  'byMs': (number);
  /**
   * Measured trials of the agent up to after_ms, and later.
   */
  'before': (number);
  'since': (number);
  /**
   * Those before are suspect, an agent that ran itself in; else those since.
   */
  'beforeSuspect': (boolean);
  'shifts': (_fmwork_v1_LevelShift)[];
  '_agent'?: "agent";
}
