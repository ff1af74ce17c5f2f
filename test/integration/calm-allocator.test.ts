import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { calmAllocator } from '../../coordinator/calm-allocator.js'
import { createLog } from '../../shared/process/log.js'

const probe = fileURLToPath(new URL('./support/allocator-probe.mjs', import.meta.url))
const log = createLog({ name: 'test', level: 'silent' })

/** What a process saw that asked for it, and then allocated, freed and allocated again. */
async function seen(environment: Record<string, string>): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [probe], { env: environment })
  return JSON.parse(stdout)
}

describe.skipIf(!hasGlibc())('the allocator of a coordinator', () => {
  it('gives back what a buffer took', async () => {
    expect(await seen({})).toEqual({ told: true, mapped: 1 })
  })

  it.each([{ MALLOC_ARENA_MAX: '3' }, { GLIBC_TUNABLES: 'glibc.malloc.arena_max=3' }])(
    'is as the operator set it: %o',
    async (environment) => {
      expect(await seen(environment)).toEqual({ told: false, mapped: 0 })
    },
  )
})

describe('where the C library is another', () => {
  // The linker itself is a library without mallopt; as is one that is not there.
  it.each(['ld-linux-x86-64.so.2', 'libnone-of-this-name.so'])(
    'is left alone: %s',
    async (library) => {
      expect(await calmAllocator({ log, library, environment: {} })).toBe(false)
    },
  )
})

/** Not on musl, macOS or Windows. */
function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { readonly header?: object }
  return header !== undefined && 'glibcVersionRuntime' in header
}
