/** One generation as a client asked for it. */
export interface GenerationJob {
  readonly promptTokens: Uint32Array
  readonly maxTokens: number
  /** No end-of-sequence before so many tokens. */
  readonly minTokens: number
  /** Exactly `maxTokens` are generated, whatever the model would rather do. */
  readonly ignoreEos: boolean
  /** 0 is greedy. */
  readonly temperature: number
  readonly topP?: number
  readonly topK?: number
  readonly seed?: number
}

export type FinishReason = 'stop' | 'length'

/** Where a backend delivers what it generates. */
export interface GenerationListener {
  /** One generated token; its text may be empty. `finish` comes with the last one. */
  token(text: string, finish?: FinishReason): void
  /** Nothing more comes. */
  fail(error: GenerationError): void
}

/** Why a generation ended early, as its client shall see it. */
export class GenerationError extends Error {
  override readonly name = 'GenerationError'
  readonly httpStatus: number

  constructor(httpStatus: number, message: string) {
    super(message)
    this.httpStatus = httpStatus
  }
}

/** The state of a backend at one moment; counters since its start. */
export interface BackendGauges {
  readonly running: number
  readonly waiting: number
  readonly promptTokens: number
  readonly generatedTokens: number
  readonly kvUsedTokens: number
  readonly kvCapacityTokens: number
  readonly steps: number
  /** Seconds inside steps, and the part of it spent in model evaluation. */
  readonly stepSeconds: number
  readonly evaluationSeconds: number
}

export interface ChatMessage {
  readonly role: string
  readonly content: string
}

/** What generates tokens behind the OpenAI-compatible server. */
export interface Backend {
  readonly model: string
  /** Longest prompt plus output of one request. */
  readonly maxContextTokens: number
  readonly vocabularySize: number
  encode(text: string): Uint32Array
  renderChat(messages: readonly ChatMessage[]): string
  /** Starts or queues a generation. The function returned cancels it; calls to it are idempotent. */
  submit(job: GenerationJob, listener: GenerationListener): () => void
  gauges(): BackendGauges
}
