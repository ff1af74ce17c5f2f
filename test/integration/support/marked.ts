import { readFileSync, readdirSync } from 'node:fs'

/** Living processes (besides this one) in whose environment a folder is named: what an engine left behind. */
export function markedBy(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'latin1')
        return environment.includes(`FMWORK_TEST_FOLDER=${folder}`)
      } catch {
        // Gone since the folder was listed.
        return false
      }
    })
    .map(Number)
}
