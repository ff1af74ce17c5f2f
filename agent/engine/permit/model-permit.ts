import { realpathSync } from 'node:fs'
import { isAbsolute, sep } from 'node:path'
import { FmworkError } from '../../../shared/domain/errors.js'

/** Which models an agent’s own configuration lets an engine load. */
export interface ModelPermit {
  /** Folders; every file and folder below them, after links are followed. */
  readonly model_roots: readonly string[]
  /** Names that the engine resolves itself (a hub, a cache); `*` stands for anything but a slash. */
  readonly models: readonly string[]
}

/** Two words at most, none of them hidden, none an option: `organisation/model`. */
const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)?$/

const matches = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^/]*')}$`,
  ).test(name)

/** Where links lead; undefined when there is nothing. */
function resolved(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    // Missing or unreadable: the engine could not load it either.
    return undefined
  }
}

const below = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

/**
 * The model as it may be handed to an engine: a path with its links followed, or a name.
 *
 * @throws FmworkError ENGINE_NOT_ALLOWED, MODEL_INVALID when a permitted path does not exist.
 */
export function permittedModel(kind: string, permit: ModelPermit, model: string): string {
  const refuse = (why: string) =>
    new FmworkError('ENGINE_NOT_ALLOWED', `model ${JSON.stringify(model)}: ${why}`, {
      problems: [{ field: 'model', value: model, expected: allowedModels(permit) }],
      hint: `On the agent, add it to models or model_roots of ${kind} (docs/ENGINES.md).`,
    })
  if (!isAbsolute(model)) {
    const named = namePattern.test(model) && permit.models.some((each) => matches(each, model))
    if (!named) throw refuse(`this agent’s ${kind} may not load it`)
    return model
  }
  const roots = permit.model_roots.flatMap((root) => resolved(root) ?? [])
  const path = resolved(model)
  if (path === undefined) {
    // Whether a file exists is told only of places that may be read.
    if (permit.model_roots.some((root) => below(model, root)) && !model.includes('..')) {
      throw new FmworkError('MODEL_INVALID', `model ${model} does not exist on this agent`)
    }
    throw refuse(`this agent’s ${kind} may not load it`)
  }
  if (!roots.some((root) => below(path, root))) {
    throw refuse(`this agent’s ${kind} may not load it`)
  }
  return path
}

function allowedModels({ models, model_roots }: ModelPermit): string {
  const all = [...models, ...model_roots.map((root) => `a path below ${root}`)]
  return all.length === 0 ? 'this agent allows none' : `expected ${all.join(' or ')}`
}
