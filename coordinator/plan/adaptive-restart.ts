import { engineKindOf } from '../../shared/domain/sweep.js'
import type { EngineKind } from '../../shared/domain/sweep.js'
import type { Configuration } from '../../shared/domain/configuration.js'

/** Typical seconds from nothing to ready, per engine kind: only how one start compares with trials matters. */
const startSeconds: Readonly<Record<EngineKind, number>> = {
  embedded: 1,
  openai: 0,
  simulated: 0,
  recorded: 0,
  vllm: 60,
  sglang: 60,
  'llama-server': 10,
  tgi: 60,
  trtllm: 120,
  command: 30,
}

/** Device-seconds that starting a configuration’s engine costs. */
export function restartCost(configuration: Configuration): number {
  const kind = engineKindOf(configuration.engine)
  const seconds = kind in startSeconds ? startSeconds[kind as EngineKind] : 0
  return seconds * configuration.tensorParallel
}
