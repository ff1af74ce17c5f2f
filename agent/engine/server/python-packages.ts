import { execFile } from 'node:child_process'
import { closeSync, openSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Reading the names of packages takes tenths of a second; a file system that hangs takes for ever. */
const timeoutMs = 10_000
const longestShebang = 512

/** Packages whose version moves what an engine measures; names as packagers write them. */
const telling =
  /^(torch|torchvision|vllm|sglang|sgl[-_]kernel|tensorrt([-_]llm)?|flashinfer.*|flash[-_]attn.*|triton|pytorch[-_]triton.*|transformers|tokenizers|numpy|xformers|xgrammar|compressed[-_]tensors|ray|amd[-_]aiter|aiter|deep[-_]gemm|nvidia[-_][a-z0-9_-]+)$/i

/** Reads what is installed from its metadata: no package is imported. */
const program = [
  'import importlib.metadata as m, json',
  'print(json.dumps([[d.metadata["Name"], d.version] for d in m.distributions()]))',
].join('\n')

/** Whatever stands in place of versions that could not be read. */
export const notKnown = 'not known'

/**
 * Versions of the packages that an engine computes with, as one text: `numpy 2.2.6, torch 2.8.0`.
 *
 * @param env the engine’s own: it says which packages it would find.
 * @returns undefined for a program that is no Python; {@link notKnown} when it does not tell in time.
 */
export async function pythonPackages(
  executable: string,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const interpreter = interpreterOf(executable)
  if (interpreter === undefined) return undefined
  const [command = '', ...words] = interpreter
  try {
    const { stdout } = await run(command, [...words, '-c', program], { timeout: timeoutMs, env })
    return packagesIn(stdout)
  } catch {
    // No such interpreter, too old, or too slow: the fact that is recorded.
    return notKnown
  }
}

/** @param text a JSON list of name and version. */
export function packagesIn(text: string): string {
  const list: unknown = JSON.parse(text)
  const found = (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((each) => {
    const [name, version] = Array.isArray(each) ? (each as readonly unknown[]) : []
    return typeof name === 'string' && typeof version === 'string' && telling.test(name)
      ? [`${name.toLowerCase().replaceAll('_', '-')} ${version}`]
      : []
  })
  return found.length === 0 ? notKnown : [...new Set(found)].sort().join(', ')
}

/** The program itself, or what its first line says that it is run with. */
function interpreterOf(executable: string): readonly string[] | undefined {
  if (isPython(executable)) return [executable]
  const [, line] = /^#!\s*([^\n]+)/.exec(beginning(executable)) ?? []
  const words = line?.trim().split(/\s+/) ?? []
  return words.some(isPython) ? words : undefined
}

const isPython = (path: string) => /^python[\d.]*$/.test(basename(path))

function beginning(path: string): string {
  const room = Buffer.alloc(longestShebang)
  try {
    const file = openSync(path, 'r')
    try {
      return room.toString('utf8', 0, readSync(file, room))
    } finally {
      closeSync(file)
    }
  } catch {
    // That it cannot be read is found out, and said, by its start.
    return ''
  }
}
