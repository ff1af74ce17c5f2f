import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { RunningEngine } from '../../../agent/engine/engine.js'
import { openBench } from '../agent-run-fixture.js'
import type { Bench } from '../agent-run-fixture.js'
import { markedBy } from './marked.js'

/** What tests of trials on real programs share. */
export interface EngineBench {
  /** Of the test file alone; programs started for it carry it as their mark. */
  readonly folder: string
  readonly bench: Bench
  /** The engine to stop after the test; nothing it started may be left then. */
  engine: RunningEngine | undefined
}

/** A runner on this host for the file’s tests, and nothing left behind by any of them. */
export function useEngineBench(name: string): EngineBench {
  let bench: Bench | undefined
  const shared = {
    folder: mkdtempSync(join(tmpdir(), `fmwork-${name}-`)),
    engine: undefined as RunningEngine | undefined,
    get bench(): Bench {
      if (bench === undefined) throw new Error('the bench is open within tests only')
      return bench
    },
  }
  beforeAll(async () => {
    bench = await openBench()
  })
  afterAll(async () => {
    await bench?.close()
    rmSync(shared.folder, { recursive: true })
  })
  afterEach(async () => {
    await shared.engine?.stop()
    shared.engine = undefined
    expect(markedBy(shared.folder)).toEqual([])
  })
  return shared
}
