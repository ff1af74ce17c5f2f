import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { asFmworkError, FmworkError } from '../../../shared/domain/errors.js'
import { dataFileName } from '../../../shared/domain/workload-data.js'
import type { WorkloadData } from '../../../shared/domain/workload-data.js'
import type { ListedRequest } from '../load/load-job.js'
import { factsOfData, readData } from './data-file.js'
import type { DataFacts } from './data-file.js'
import { readFileOnce } from './read-file-once.js'
import type { Pieces } from './workload-text.js'

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
  for (const file of files) hashes.add((await readFileOnce(file, nothing)).sha256)
  let last: { readonly key: string; readonly requests: readonly ListedRequest[] } | undefined
  return {
    hashes: [...hashes].sort(),
    async requests(data) {
      // Its content is known by its hash: what was read before is still that.
      const key = JSON.stringify(data)
      if (last?.key === key) return last.requests
      const requests = await requestsOf(folders, data)
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

async function requestsOf(
  folders: readonly string[],
  data: WorkloadData,
): Promise<readonly ListedRequest[]> {
  const found: string[] = []
  const named = dataFileName.test(data.file) ? folders : []
  for (const folder of named) {
    const path = join(folder, data.file)
    if (!(await isFile(path))) continue
    // Read and recognised in one go: it is this file whose hash was taken.
    const { sha256, result } = await readFileOnce(path, (pieces) => checked(data, pieces))
    if (sha256 === data.sha256) return result()
    found.push(sha256)
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

const nothing = () => Promise.resolve()

async function checked(data: WorkloadData, pieces: Pieces): Promise<readonly ListedRequest[]> {
  let requests: readonly ListedRequest[]
  let facts: DataFacts
  try {
    requests = await readData(pieces, data.format, data.requests)
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
