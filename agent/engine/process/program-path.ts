import { fileURLToPath } from 'node:url'

/**
 * The compiled program beside the module at `moduleUrl`, also when that module runs as TypeScript
 * source (in tests): engine processes always run what the build made.
 */
export function programBeside(moduleUrl: string, program: string): string {
  const beside = new URL(program, moduleUrl).href
  const compiled = moduleUrl.endsWith('.ts')
    ? beside.replace(/\/agent\/engine\/(?!.*\/agent\/engine\/)/, '/dist/agent/engine/')
    : beside
  return fileURLToPath(compiled)
}
