// Original file: proto/fmwork/v1/control.proto


export interface SpentInput {
  /**
   * Of all trials, failed and invalid ones too.
   */
  'deviceS'?: (number | string);
  'setUpS'?: (number | string);
  'warmUpS'?: (number | string);
  'measuredS'?: (number | string);
  'gapsS'?: (number | string);
  /**
   * First grant to last result.
   */
  'makespanS'?: (number | string);
  'energyJ'?: (number | string);
  'costUsd'?: (number | string);
  '_energyJ'?: "energyJ";
  '_costUsd'?: "costUsd";
}

export interface Spent {
  /**
   * Of all trials, failed and invalid ones too.
   */
  'deviceS': (number);
  'setUpS': (number);
  'warmUpS': (number);
  'measuredS': (number);
  'gapsS': (number);
  /**
   * First grant to last result.
   */
  'makespanS': (number);
  'energyJ'?: (number);
  'costUsd'?: (number);
  '_energyJ'?: "energyJ";
  '_costUsd'?: "costUsd";
}
