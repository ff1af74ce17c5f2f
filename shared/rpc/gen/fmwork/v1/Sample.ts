// Original file: proto/fmwork/v1/agent.proto


export interface SampleInput {
  'repetition'?: (number);
  'request'?: (number);
  'warmUp'?: (boolean);
  'scheduledAtS'?: (number | string);
  'sentAtS'?: (number | string);
  'chunkAtS'?: (number | string)[];
  'chunkTokens'?: (number)[];
  'endedAtS'?: (number | string);
  'inputTokensAsked'?: (number);
  'outputTokensAsked'?: (number);
  'inputTokens'?: (number);
  'outputTokens'?: (number);
  'cachedTokens'?: (number);
  /**
   * ok, error, timeout or cancelled.
   */
  'outcome'?: (string);
  'error'?: (string);
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
  '_cachedTokens'?: "cachedTokens";
  '_error'?: "error";
}

export interface Sample {
  'repetition': (number);
  'request': (number);
  'warmUp': (boolean);
  'scheduledAtS': (number);
  'sentAtS': (number);
  'chunkAtS': (number)[];
  'chunkTokens': (number)[];
  'endedAtS': (number);
  'inputTokensAsked': (number);
  'outputTokensAsked': (number);
  'inputTokens'?: (number);
  'outputTokens'?: (number);
  'cachedTokens'?: (number);
  /**
   * ok, error, timeout or cancelled.
   */
  'outcome': (string);
  'error'?: (string);
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
  '_cachedTokens'?: "cachedTokens";
  '_error'?: "error";
}
