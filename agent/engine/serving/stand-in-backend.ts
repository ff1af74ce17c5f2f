import type { Backend, BackendGauges, GenerationJob, GenerationListener } from './backend.js'
import { standInChat, standInEncode, standInVocabulary } from './stand-in-text.js'

/** What engines that have no model share: their tokens are only counted. */
export abstract class StandInBackend implements Backend {
  readonly vocabularySize = standInVocabulary
  readonly encode = standInEncode
  readonly renderChat = standInChat
  readonly model: string
  readonly maxContextTokens: number
  /** Since the start. */
  protected promptTokens = 0
  protected generatedTokens = 0

  constructor(model: string, maxContextTokens: number) {
    this.model = model
    this.maxContextTokens = maxContextTokens
  }

  abstract submit(job: GenerationJob, listener: GenerationListener): () => void
  abstract gauges(): BackendGauges
}
