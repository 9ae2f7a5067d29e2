import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

/** What a test does in a tenth of a second takes many times that on a shared machine that is busy. */
const TIMEOUT_MS = 60_000

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, '**/dist/**', '**/out/**', '**/.scratch/**', '**/coverage/**'],
    // Processes, because the tests start worker threads of their own; as many as there are processors: by default
    // vitest leaves one out, which halves a machine of two.
    pool: 'forks',
    maxWorkers: availableParallelism(),
    // What was built is loaded as its users load it, by Node: rewriting it module by module took half of a run.
    server: { deps: { external: [/\/dist\//] } },
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
  },
})
