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
  /**
   * Arrival of the first event of the stream, whose text may be empty; absent when none came.
   */
  'firstEventAtS'?: (number | string);
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
  '_cachedTokens'?: "cachedTokens";
  '_error'?: "error";
  '_firstEventAtS'?: "firstEventAtS";
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
  /**
   * Arrival of the first event of the stream, whose text may be empty; absent when none came.
   */
  'firstEventAtS'?: (number);
  '_inputTokens'?: "inputTokens";
  '_outputTokens'?: "outputTokens";
  '_cachedTokens'?: "cachedTokens";
  '_error'?: "error";
  '_firstEventAtS'?: "firstEventAtS";
}
