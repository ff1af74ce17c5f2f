// Original file: proto/fmwork/v1/agent.proto


export interface ClosedLoopInput {
}

export interface ClosedLoop {
}
