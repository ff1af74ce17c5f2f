// Original file: proto/fmwork/v1/control.proto


export interface ListAgentsRequestInput {
}

export interface ListAgentsRequest {
}
