import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { asFmworkError, FmworkError } from '../../../shared/domain/errors.js'
import { dataFileName } from '../../../shared/domain/workload-data.js'
import type { WorkloadData } from '../../../shared/domain/workload-data.js'
import type { ListedRequest } from '../load/load-job.js'
import { factsOfData, readData } from './data-file.js'
import type { DataFacts } from './data-file.js'

/** Files of all folders together: they are told with every hello. */
const mostFiles = 256

/** The data files that an agent’s own configuration allows. Nothing else is ever opened. */
export interface DataShelf {
  /** SHA-256 of the files that were there when the agent started, sorted. */
  readonly hashes: readonly string[]
  /**
   * The requests that a workload takes from its file.
   *
   * @throws FmworkError DATA_MISSING, DATA_DIFFERS
   */
  requests(data: WorkloadData): Promise<readonly ListedRequest[]>
}

/**
 * @param folders whose files, not those of folders inside them, may be read.
 * @throws FmworkError USAGE for a folder that cannot be read, or too many files.
 */
export async function openDataShelf(folders: readonly string[]): Promise<DataShelf> {
  const files = (await Promise.all(folders.map(filesOf))).flat()
  if (files.length > mostFiles) {
    throw refuseFolder(folders.join(', '), `${files.length} files, above ${mostFiles}`)
  }
  const hashes = new Set<string>()
  for (const file of files) hashes.add(await hashOfFile(file))
  let last: { readonly key: string; readonly requests: readonly ListedRequest[] } | undefined
  return {
    hashes: [...hashes].sort(),
    async requests(data) {
      // Its content is known by its hash: what was read before is still that.
      const key = JSON.stringify(data)
      if (last?.key === key) return last.requests
      const requests = checked(data, await contentOf(folders, data))
      last = { key, requests }
      return requests
    },
  }
}

const refuseFolder = (folder: string, why: string, cause?: unknown) =>
  new FmworkError('USAGE', `cannot use the data folder ${folder}: ${why}`, {
    problems: [
      { field: '--allow-data', value: folder, expected: 'expected a folder of data files' },
    ],
    cause,
  })

async function filesOf(folder: string): Promise<string[]> {
  try {
    const names = (await readdir(folder)).filter((name) => dataFileName.test(name))
    const paths = names.map((name) => join(folder, name))
    const kinds = await Promise.all(paths.map((path) => isFile(path)))
    return paths.filter((_, index) => kinds[index])
  } catch (cause) {
    throw refuseFolder(folder, asFmworkError(cause).message, cause)
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

/** @throws what reading throws. */
export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function contentOf(folders: readonly string[], data: WorkloadData): Promise<string> {
  const found: string[] = []
  const named = dataFileName.test(data.file) ? folders : []
  for (const folder of named) {
    const path = join(folder, data.file)
    if (!(await isFile(path))) continue
    const bytes = await readFile(path)
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (hash === data.sha256) return bytes.toString('utf8')
    found.push(hash)
  }
  if (found.length === 0) {
    throw new FmworkError(
      'DATA_MISSING',
      `${data.file} is in none of the data folders of this agent: ${folders.join(', ')}`,
    )
  }
  throw new FmworkError(
    'DATA_DIFFERS',
    `${data.file} is another file here: its SHA-256 is ${found.join(', ')}, the sweep’s ${data.sha256}`,
  )
}

function checked(data: WorkloadData, text: string): readonly ListedRequest[] {
  let requests: readonly ListedRequest[]
  let facts: DataFacts
  try {
    requests = readData(text, data.format, data.requests)
    facts = factsOfData(requests, data.format)
  } catch (cause) {
    const why = asFmworkError(cause).message
    throw new FmworkError('DATA_DIFFERS', `${data.file} is not of format ${data.format}: ${why}`, {
      cause,
    })
  }
  const wrong = (Object.keys(facts) as (keyof DataFacts)[]).filter(
    (fact) => facts[fact] !== data[fact],
  )
  if (wrong.length === 0) return requests
  const said = wrong.map((fact) => `${fact} ${data[fact]}, not ${facts[fact]}`)
  throw new FmworkError(
    'DATA_DIFFERS',
    `${data.file} holds something else than the sweep says of it: ${said.join('; ')}`,
  )
}
