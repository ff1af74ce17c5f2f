import type { ServerKindName } from '../../permit/engine-permits.js'
import type { ServerKind } from '../server-kind.js'
import { llamaServer } from './llama-server.js'
import { sglang } from './sglang.js'
import { tgi } from './tgi.js'
import { trtllm } from './trtllm.js'
import { vllm } from './vllm.js'

/** Every kind of server that an agent can start. */
export const serverKinds: Readonly<Record<ServerKindName, ServerKind>> = {
  vllm,
  sglang,
  'llama-server': llamaServer,
  tgi,
  trtllm,
}
