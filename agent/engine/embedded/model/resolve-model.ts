import { FmworkError } from '../../../../shared/domain/errors.js'
import { GgufError, readGgufHeader } from './gguf-header.js'
import type { GgufHeader } from './gguf-header.js'
import { defaultCacheFolder, presetFile } from './model-cache.js'
import { isPreset, presets } from './presets.js'

export interface ResolvedModel {
  /** As the sweep names it: what clients send as `model`. */
  readonly name: string
  readonly path: string
  readonly header: GgufHeader
}

const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'no such file',
}

function describe(error: unknown): string {
  if (error instanceof GgufError) return error.message
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return fileProblems[code] ?? (error instanceof Error ? error.message : String(error))
}

/**
 * Reads and checks the model file at `path`.
 *
 * @throws FmworkError MODEL_INVALID naming the path and what was found there.
 */
export function checkModelFile(path: string): GgufHeader {
  try {
    return readGgufHeader(path)
  } catch (error) {
    throw new FmworkError('MODEL_INVALID', `model ${path}: ${describe(error)}`, { cause: error })
  }
}

/**
 * Turns what a sweep writes as `model` into a checked file: a preset’s name (generated on first
 * use) or the path of a .gguf file.
 *
 * @throws FmworkError MODEL_INVALID, DATA_FOLDER_UNWRITABLE.
 */
export async function resolveModel(
  model: string,
  cacheFolder: string = defaultCacheFolder(),
): Promise<ResolvedModel> {
  if (isPreset(model)) {
    const path = await presetFile(model, cacheFolder)
    return { name: model, path, header: checkModelFile(path) }
  }
  if (!model.includes('/') && !model.endsWith('.gguf')) {
    const known = Object.keys(presets).join(', ')
    throw new FmworkError(
      'MODEL_INVALID',
      `model ${JSON.stringify(model)} is neither a preset (${known}) nor a path of a .gguf file`,
    )
  }
  return { name: model, path: model, header: checkModelFile(model) }
}
