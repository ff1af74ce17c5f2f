import { defineConfig } from 'vitest/config'

const project = (name: string, testTimeout: number, isolate = true) => ({
  extends: true as const,
  test: {
    ...{ name, include: [`test/${name}/**/*.test.ts`], isolate },
    ...{ testTimeout, hookTimeout: testTimeout },
  },
})

export default defineConfig({
  test: {
    globals: false,
    setupFiles: ['test/property-seed.ts'],
    projects: [
      // Pure code: its files share one load of the modules, which halves their time.
      project('unit', 60_000, false),
      project('laws', 60_000, false),
      project('contract', 60_000),
      project('integration', 60_000),
      project('e2e', 180_000),
    ],
    // One file at a time: many tests measure, and would measure each other.
    maxWorkers: 1,
    reporters: ['default'],
  },
})
