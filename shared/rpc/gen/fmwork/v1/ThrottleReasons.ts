// Original file: proto/fmwork/v1/agent.proto


export interface ThrottleReasonsInput {
  'reasons'?: (string)[];
}

export interface ThrottleReasons {
  'reasons': (string)[];
}
