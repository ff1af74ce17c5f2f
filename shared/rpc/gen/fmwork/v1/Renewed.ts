// Original file: proto/fmwork/v1/agent.proto


export interface RenewedInput {
  /**
   * Leases that live on; those asked for and not named here are lost.
   */
  'leaseIds'?: (string)[];
}

export interface Renewed {
  /**
   * Leases that live on; those asked for and not named here are lost.
   */
  'leaseIds': (string)[];
}
