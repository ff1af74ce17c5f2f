// Original file: proto/fmwork/v1/agent.proto


/**
 * Work may be there now: ask again.
 */
export interface WakeInput {
}

/**
 * Work may be there now: ask again.
 */
export interface Wake {
}
