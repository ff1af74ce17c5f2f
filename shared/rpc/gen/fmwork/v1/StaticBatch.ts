// Original file: proto/fmwork/v1/agent.proto


export interface StaticBatchInput {
}

export interface StaticBatch {
}
