// Original file: proto/fmwork/v1/control.proto


export interface ListSweepsRequestInput {
}

export interface ListSweepsRequest {
}
