/**
 * One request’s raw record, from which every latency definition can be derived. Times are seconds on
 * the agent’s monotonic clock, from an origin shared by the trial’s samples.
 */
export interface Sample {
  /** Repetition (static batch) or worker slot generation (closed loop), from 0. */
  readonly repetition: number
  readonly request: number
  readonly warmUp: boolean
  /** When the load plan wanted it sent. */
  readonly scheduledAt: number
  /** When it was written to the socket. */
  readonly sentAt: number
  /** Arrival of the first event of the stream, whose text may be empty; absent when none came. */
  readonly firstEventAt?: number
  /** Arrival of each non-empty chunk, and how many tokens each brought. Same lengths. */
  readonly chunkAt: readonly number[]
  readonly chunkTokens: readonly number[]
  /** Last byte of the response. */
  readonly endedAt: number
  readonly inputTokensAsked: number
  readonly outputTokensAsked: number
  /** From the server’s usage; null when it sent none. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  /** Tokens that the server says it took from a prefix cache; null when it does not say. */
  readonly cachedTokens: number | null
  readonly outcome: 'ok' | 'error' | 'timeout' | 'cancelled'
  readonly error?: string
}

/** One reading of a host or device. Fields that the host cannot read are absent, never zero. */
export interface TelemetryReading {
  /** Epoch milliseconds of the agent’s clock. */
  readonly at: number
  /** `cpu` or a device’s UUID. */
  readonly device: string
  readonly utilizationPercent?: number
  readonly memoryBytes?: number
  readonly powerWatts?: number
  readonly temperatureCelsius?: number
  readonly clockMhz?: number
  readonly throttleReasons?: readonly string[]
}
